// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.KernelModule;
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

  /** Those of the kernel itself; two threads may find the same. */
  private volatile List<Target> own;

  /** With those of its modules, which take longer to find. */
  private volatile List<Target> all;

  ImageTargets(Snapshot snapshot) {
    this.snapshot = snapshot;
    for (ImageTarget walk :
        ServiceLoader.load(ImageTarget.class, ImageTarget.class.getClassLoader())) {
      walks.put(walk.name(), walk);
    }
  }

  private List<Target> own() {
    List<Target> targets = own;
    if (targets == null) {
      targets = Targets.in(snapshot.btf(), "", Set.of());
      own = targets;
    }
    return targets;
  }

  /** Those of this image, ordered by name. */
  List<Target> all() {
    List<Target> targets = all;
    if (targets == null) {
      targets = new ArrayList<>(own());
      Set<String> names = new HashSet<>();
      for (Target target : targets) {
        names.add(target.name());
      }
      for (KernelModule module : snapshot.modules()) {
        if (module.btf().isPresent()) {
          targets.addAll(Targets.in(module.btf().get(), module.name(), names));
        }
      }
      targets.removeIf(target -> !walks.containsKey(target.name()));
      targets.sort(Comparator.comparing(Target::name));
      targets = List.copyOf(targets);
      all = targets;
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
    for (Target target : own()) {
      if (target.name().equals(Targets.name(name)) && walks.containsKey(target.name())) {
        return target;
      }
    }
    try {
      return Targets.named(all(), name);
    } catch (RequestException e) {
      throw new UnsupportedException(
          "program " + program.name() + " wants what this kernel lacks: " + e.getMessage());
    }
  }
}
