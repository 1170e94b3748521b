// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;

/**
 * All maps of an object, in libbpf's order: those defined in {@code .maps}, then one for each
 * section of data, then {@code .kconfig}. What the slots of a map hold from the start is left to
 * {@link #slots}.
 */
final class Maps {
  static final String SECTION = ".maps";

  private static final int ARRAY = 2;
  private static final int RDONLY_PROG = 0x80;
  private static final int MMAPABLE = 0x400;
  private static final int MAX_NAME = 15;

  /**
   * Where a map is in the object.
   *
   * @param section index of its section; -1 for {@code .kconfig}
   * @param offset in that section
   * @param size in that section
   * @param valuesAt where member {@code values} is in that section; negative without one
   */
  private record Place(int section, long offset, long size, long valuesAt) {}

  /**
   * An entry of a map that holds maps or programs, as the object has it.
   *
   * @param symbol of a map or of a program
   */
  record Slot(int index, Elf.Symbol symbol) {}

  private final Elf elf;
  private final Btf btf;
  private final List<MapSpec> specs = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();

  /** Index of the map defined at an offset of {@code .maps}. */
  private final Map<Long, Integer> definitions = new HashMap<>();

  /** One more than the index of the map of each section. */
  private final int[] dataMaps;

  /** Of {@code .maps}, once looked at. */
  private long[] relocations;

  /**
   * @param btf with sizes and offsets filled in
   */
  Maps(Elf elf, Btf btf, Externs externs) {
    this.elf = elf;
    this.btf = btf;
    this.dataMaps = new int[elf.sectionCount()];
    Elf.Section section = elf.section(SECTION);
    if (section != null) {
      readDefinitions(section);
    }
    long total = 0;
    for (int i = 1; i < elf.sectionCount(); i++) {
      Elf.Section data = elf.section(i);
      if (data.size() > 0 && isData(data)) {
        total += data.type() == Elf.SHT_NOBITS ? 0 : data.size();
        // Headers that share bytes could make a small file ask for much memory.
        if (total > elf.length()) {
          throw elf.malformed("has sections that overlap", data.offset());
        }
        addData(data);
        dataMaps[i] = specs.size();
      }
    }
    if (!externs.options().isEmpty()) {
      int size = externs.kconfigSize();
      add(
          Externs.KCONFIG,
          size,
          true,
          externs.kconfigType(),
          new MapContents.Kconfig(size, externs.options()),
          new Place(-1, 0, size, -1));
    }
  }

  private void readDefinitions(Elf.Section section) {
    if (!(btf.type(btf.findId(SECTION, BtfType.Datasec.class)) instanceof BtfType.Datasec types)) {
      throw elf.malformed("has maps but no types for them: compile it with -g", section.offset());
    }
    for (BtfType.Variable place : types.variables()) {
      if (!(btf.type(place.type()) instanceof BtfType.Var variable)
          || !(btf.resolved(variable.type()) instanceof BtfType.Struct struct)
          || variable.name().isEmpty()) {
        throw elf.malformed("has something other than maps in section .maps", section.offset());
      }
      if (variable.linkage() != BtfType.Linkage.GLOBAL) {
        throw new UnsupportedException(
            elf.name()
                + ": map "
                + Elf.shown(variable.name())
                + " is static or hidden: make it global");
      }
      long offset = Integer.toUnsignedLong(place.offset());
      long size = Integer.toUnsignedLong(place.size());
      if (offset + size > section.size()) {
        throw elf.malformed(
            "has map " + Elf.shown(variable.name()) + " outside section .maps", section.offset());
      }
      MapDefinition definition = new MapDefinition(btf, elf.name(), variable.name(), struct);
      definitions.putIfAbsent(offset, specs.size());
      specs.add(definition.spec());
      long values = definition.valuesOffset();
      places.add(new Place(section.index(), offset, size, values < 0 ? -1 : offset + values));
    }
  }

  private static boolean isData(Elf.Section section) {
    String name = section.name();
    return section.type() == Elf.SHT_PROGBITS
        ? !section.executable() && (isNamed(name, ".data") || isNamed(name, ".rodata"))
        : section.type() == Elf.SHT_NOBITS && isNamed(name, ".bss");
  }

  private static boolean isNamed(String name, String prefix) {
    return name.startsWith(prefix)
        && (name.length() == prefix.length() || name.charAt(prefix.length()) == '.');
  }

  private void addData(Elf.Section section) {
    if (section.size() > Integer.MAX_VALUE) {
      throw elf.malformed(
          "has section " + Elf.shown(section.name()) + " of " + section.size() + " bytes", -1);
    }
    boolean constant = section.name().startsWith(".rodata");
    boolean zero = section.type() == Elf.SHT_NOBITS;
    add(
        section.name(),
        (int) section.size(),
        constant,
        btf.findId(section.name(), BtfType.Datasec.class),
        zero ? new MapContents.Empty() : new MapContents.Data(elf.copy(section), constant),
        new Place(section.index(), 0, section.size(), -1));
  }

  private void add(
      String section, int size, boolean constant, int type, MapContents contents, Place place) {
    int flags = (constant ? RDONLY_PROG : 0) | (hasGlobal(type) ? MMAPABLE : 0);
    specs.add(
        new MapSpec(
            dataName(section),
            ARRAY,
            4,
            size,
            1,
            flags,
            0,
            0,
            false,
            0,
            type,
            Optional.empty(),
            contents));
    places.add(place);
  }

  /** Whether user space may see one of the section's variables: libbpf makes its map mappable. */
  private boolean hasGlobal(int type) {
    if (type != 0 && btf.type(type) instanceof BtfType.Datasec section) {
      for (BtfType.Variable variable : section.variables()) {
        if (btf.type(variable.type()) instanceof BtfType.Var v
            && v.linkage() != BtfType.Linkage.STATIC) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * The object's name up to its first dot, then the section's: 15 characters, of which the section
   * gets what it needs and seven at least. A section with two dots in its name stands alone.
   */
  private String dataName(String section) {
    int suffix = Math.min(Math.max(section.length(), 7), MAX_NAME);
    String object = elf.name().substring(elf.name().lastIndexOf('/') + 1);
    int dot = object.indexOf('.');
    int prefix = Math.min(MAX_NAME - suffix, dot < 0 ? object.length() : dot);
    if (section.indexOf('.', 1) >= 0) {
      prefix = 0;
    }
    StringBuilder name = new StringBuilder(MAX_NAME);
    name.append(object, 0, prefix).append(section, 0, Math.min(suffix, section.length()));
    for (int i = 0; i < name.length(); i++) {
      if (!Elf.isWord(name.charAt(i)) && name.charAt(i) != '.') {
        name.setCharAt(i, '_');
      }
    }
    return name.toString();
  }

  /** The maps, those that hold others without what they hold. */
  List<MapSpec> specs() {
    return specs;
  }

  /** Whether some of a data map's bytes are to be filled in by the linker. */
  boolean hasPointers(int map) {
    int section = places.get(map).section;
    return section > 0
        && dataMaps[section] == map + 1
        && elf.relocations(elf.section(section)).length > 0;
  }

  /** Index of the map for {@code .kconfig}, which is the last. */
  int kconfig() {
    return specs.size() - 1;
  }

  /** Index of the map of a data section; -1 when the section is none. */
  int ofData(int section) {
    return section < dataMaps.length ? dataMaps[section] - 1 : -1;
  }

  /** Index of the map defined at this offset of {@code .maps}; -1 for none. */
  int defined(long offset) {
    return definitions.getOrDefault(offset, -1);
  }

  /** What a map of maps or programs holds from the start, by ascending index. */
  List<Slot> slots(int map) {
    List<Slot> slots = new ArrayList<>();
    Place place = places.get(map);
    if (place.valuesAt < 0) {
      return slots;
    }
    if (relocations == null) {
      relocations = elf.relocations(elf.section(place.section));
    }
    int first = Arrays.binarySearch(relocations, place.offset << 32);
    for (int i = first < 0 ? -first - 1 : first; i < relocations.length; i++) {
      long offset = relocations[i] >>> 32;
      if (offset >= place.offset + place.size) {
        break;
      }
      long index = (offset - place.valuesAt) / 8;
      if (offset < place.valuesAt || (offset - place.valuesAt) % 8 != 0) {
        throw elf.malformed(
            "has a value of map " + name(map) + " that is not among its values", -1);
      }
      slots.add(new Slot((int) index, elf.symbol((int) relocations[i])));
    }
    return slots;
  }

  private String name(int map) {
    return Elf.shown(specs.get(map).name());
  }
}
