// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;

/**
 * A program that is ready to run over an image. Its dumps share its maps, as on a running kernel;
 * where it has any, they do not show it two objects at the same time.
 */
public final class ImageDumper implements Dumper {
  /** {@code BPF_MAP_TYPE_ARRAY}. */
  private static final int ARRAY = 2;

  private final Image.Hold hold;
  private final ProgramSpec spec;
  private final Loaded loaded;

  /** Owns the hold. */
  ImageDumper(Image.Hold hold, ProgramSpec spec, Loaded loaded) {
    this.hold = hold;
    this.spec = spec;
    this.loaded = loaded;
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public Target target() {
    return loaded.target();
  }

  /** How many slots of eight bytes the program has, subprograms included. */
  public int slots() {
    return spec.code().size();
  }

  /** Starts a pass as seen from the first namespaces of the machine. */
  @Override
  public ImageDump open() {
    return openIn();
  }

  /**
   * Starts a pass as seen from other namespaces: targets of the network (sockets, routes) show that
   * network namespace, targets of tasks that pid namespace, where also the ids are read that a
   * {@link org.bpfdump.kernel.Parameter} gave. Targets that belong to no namespace give the same.
   *
   * @param namespaces of this image, at most one of each kind; the first of the machine for a kind
   *     that has none
   */
  public ImageDump openIn(ImageNamespace... namespaces) {
    long network = 0;
    long pids = 0;
    for (ImageNamespace namespace : namespaces) {
      boolean second =
          switch (namespace.kind()) {
            case NETWORK -> network != 0;
            case PID -> pids != 0;
          };
      if (second) {
        throw new IllegalArgumentException("two namespaces of one kind, the second " + namespace);
      }
      switch (namespace.kind()) {
        case NETWORK -> network = namespace.address();
        case PID -> pids = namespace.address();
      }
    }
    Image.Hold own = hold.image().hold();
    boolean opened = false;
    try {
      ImageDump dump = loaded.open(own, network, pids);
      opened = true;
      return dump;
    } finally {
      if (!opened) {
        own.close();
      }
    }
  }

  @Override
  public byte[] mapValue(String name) {
    hold.image();
    for (MapSpec map : loaded.maps().specs()) {
      if (map.name().equals(name) && isSingle(map)) {
        loaded.running().lock();
        try {
          return loaded.maps().value(name);
        } finally {
          loaded.running().unlock();
        }
      }
    }
    throw new RequestException("program " + name() + " has no map " + name + " with one value");
  }

  /** Whether a map has one value, which the program can change. */
  private static boolean isSingle(MapSpec map) {
    boolean constant =
        map.contents() instanceof MapContents.Kconfig
            || (map.contents() instanceof MapContents.Data data && data.frozen());
    return map.type() == ARRAY && map.maxEntries() == 1 && !constant;
  }

  @Override
  public void close() {
    hold.close();
  }
}
