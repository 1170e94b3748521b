// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.KernelName;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Regions;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.image.vm.map.ProgramMaps;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.kernel.KconfigValues;
import org.bpfdump.kernel.KernelConfig;
import org.bpfdump.kernel.KernelVersion;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/** The loading of one program spec for an image: its target, its maps, its code. */
final class Loading {
  private final Image image;
  private final Snapshot snapshot;
  private final ImageTargets targets;
  private final ProgramSpec spec;

  Loading(Image image, ImageTargets targets, ProgramSpec spec) {
    this.image = image;
    this.snapshot = image.snapshot();
    this.targets = targets;
    this.spec = spec;
  }

  Loaded load(Parameter parameter) {
    try {
      return loaded(parameter);
    } catch (MemoryFaultException e) {
      throw new UnsupportedException(
          "cannot load program "
              + spec.name()
              + ": what every program needs is missing from this image: "
              + e.getMessage());
    }
  }

  private Loaded loaded(Parameter parameter) {
    Target target = targets.of(spec);
    ImageTarget walk = targets.walk(target);
    admit(target, walk, parameter);
    ProgramMaps maps = new ProgramMaps(referred(), snapshot, this::kconfig);
    MapTable table = maps.attach(new Regions());
    Map<String, Engine.Prepared> programs = new HashMap<>();
    Engine.Prepared program = prepare(spec, table);
    programs.put(spec.name(), program);
    for (ProgramSpec callee : spec.callees()) {
      programs.put(callee.name(), prepare(callee, table));
    }
    for (int i = 0; i < maps.size(); i++) {
      if (maps.specs().get(i).contents() instanceof MapContents.Slots(var slots)) {
        for (MapContents.Slot slot : slots) {
          if (slot instanceof MapContents.Slot.OfProgram(int index, String name)) {
            maps.program(i, index, programs.get(name));
          }
        }
      }
    }
    return new Loaded(target, walk, parameter, program, maps, new ReentrantLock());
  }

  private void admit(Target target, ImageTarget walk, Parameter parameter) {
    target.requireTaken(parameter);
    if (target.parameters().contains(Parameter.Kind.MAP) && parameter instanceof Parameter.None) {
      throw new RequestException(
          "cannot attach program "
              + spec.name()
              + " to target "
              + target.path()
              + ": it walks the elements of one map: give it (--map ID|NAME|PATH)");
    }
    if (parameter instanceof Parameter.MapName(String name)) {
      for (MapSpec map : spec.maps()) {
        if (map.name().equals(name) && !map.pinned()) {
          throw new UnsupportedException(
              "program "
                  + spec.name()
                  + " is to walk its own map "
                  + name
                  + ": on an image only maps of its kernel are walked; name one of those");
        }
      }
    }
    walk.admit(snapshot, snapshot.memory(), parameter);
  }

  private Engine.Prepared prepare(ProgramSpec program, MapTable table) {
    if (program.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new UnsupportedException(
          "program "
              + program.name()
              + " is compiled for machines of the other byte order: compile it with clang -target"
              + " bpfel");
    }
    return image.engine().prepare(Linking.link(snapshot, program, table));
  }

  /** The maps that programs can reach: those that come later are only there to be walked. */
  private List<MapSpec> referred() {
    int count = count(spec);
    for (ProgramSpec callee : spec.callees()) {
      count = Math.max(count, count(callee));
    }
    for (int i = 0; i < count; i++) {
      if (spec.maps().get(i).contents() instanceof MapContents.Slots(var slots)) {
        for (MapContents.Slot slot : slots) {
          if (slot instanceof MapContents.Slot.OfMap(int _, int map)) {
            count = Math.max(count, map + 1);
          }
        }
      }
    }
    List<MapSpec> maps = spec.maps().subList(0, count);
    for (MapSpec map : maps) {
      if (map.pinned()) {
        throw new UnsupportedException(
            "program "
                + spec.name()
                + " uses map "
                + map.name()
                + " that others have pinned: on an image a program has maps of its own only; take"
                + " the pinning away");
      }
    }
    return maps;
  }

  private static int count(ProgramSpec program) {
    int count = 0;
    for (Relocation relocation : program.relocations()) {
      count =
          Math.max(
              count,
              switch (relocation) {
                case Relocation.MapReference(int _, int map) -> map + 1;
                case Relocation.MapValue(int _, int map, int _) -> map + 1;
                case Relocation.Core _,
                    Relocation.KsymAddress _,
                    Relocation.KsymVariable _,
                    Relocation.Kfunc _,
                    Relocation.KfuncAddress _ ->
                    0;
              });
    }
    return count;
  }

  private byte[] kconfig(MapContents.Kconfig wanted) {
    return KconfigValues.fill(
        wanted,
        ByteOrder.LITTLE_ENDIAN,
        new KernelConfig(snapshot.btf(), this::version, new Options(snapshot)::option));
  }

  private int version() {
    KernelName name = KernelName.read(snapshot);
    return KernelVersion.number(name.release(), "", name.version());
  }
}
