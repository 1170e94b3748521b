// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Target;

/** A program that is ready to run over an image. */
@SuppressWarnings("DoNotCallSuggester") // until it is there
public final class ImageDumper implements Dumper {
  ImageDumper() {}

  @Override
  public String name() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Target target() {
    throw new UnsupportedOperationException();
  }

  /** How many instructions the program has. */
  public int instructions() {
    throw new UnsupportedOperationException();
  }

  /** Starts a pass as seen from the first namespaces of the machine. */
  @Override
  public ImageDump open() {
    return openIn();
  }

  /**
   * Starts a pass as seen from other namespaces: targets of the network (sockets, routes) show that
   * network namespace, targets of tasks that pid namespace, where also the ids are read that a
   * {@link org.bpfdump.kernel.Parameter} gave.
   *
   * @param namespaces of this image, at most one of each kind; the first of the machine for a kind
   *     that has none
   */
  public ImageDump openIn(ImageNamespace... namespaces) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] mapValue(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
