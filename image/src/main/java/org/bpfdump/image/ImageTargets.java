// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.spec.ProgramSpec;

/**
 * What can be walked in an image: targets that its kernel has, and somebody registered a walk for.
 */
final class ImageTargets {
  private final Snapshot snapshot;
  private final Map<String, ImageTarget> walks = new TreeMap<>();

  private volatile List<Target> found;

  ImageTargets(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (ImageTarget walk :
        ServiceLoader.load(ImageTarget.class, ImageTarget.class.getClassLoader())) {
      walks.put(walk.name(), walk);
    }
  }

  /** Those of this image, ordered by name. Two threads may find the same. */
  List<Target> all() {
    List<Target> targets = found;
    if (targets == null) {
      targets = new ArrayList<>();
      for (Target target : Targets.in(snapshot.btf(), "", Set.of())) {
        if (walks.containsKey(target.name())) {
          targets.add(target);
        }
      }
      targets = List.copyOf(targets);
      found = targets;
    }
    return targets;
  }

  /** How one of them is walked. */
  ImageTarget walk(Target target) {
    return walks.get(target.name());
  }

  /** The target that a program wants. */
  Target of(ProgramSpec program) {
    String name =
        program
            .target()
            .orElseThrow(() ->
                new RequestException(
                    "program "
                        + program.name()
                        + " (section "
                        + program.section()
                        + ") does not say its target: name one (--target)"));
    try {
      return Targets.named(all(), name);
    } catch (RequestException e) {
      throw new UnsupportedException(
          "program " + program.name() + " wants what this kernel lacks: " + e.getMessage());
    }
  }
}
