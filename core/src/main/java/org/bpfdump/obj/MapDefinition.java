// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;

/**
 * Reads one map definition of {@code .maps}: an anonymous struct whose members spell numbers as
 * array dimensions and types as pointers. Source: libbpf's {@code bpf_helpers.h} ({@code __uint},
 * {@code __type}, {@code __array}, {@code __ulong}).
 */
final class MapDefinition {
  static final int PROG_ARRAY = 3;
  static final int ARRAY_OF_MAPS = 12;
  static final int HASH_OF_MAPS = 13;

  private final Btf btf;
  private final String object;
  private final String name;
  private final boolean isInner;

  private int type;
  private int maxEntries;
  private int flags;
  private int numaNode;
  private long extra;
  private boolean pinned;
  private int keyType;
  private int valueType;
  private Optional<MapSpec> inner = Optional.empty();

  /** Sizes; negative until one is given. */
  private long keySize = -1;

  private long valueSize = -1;

  /** Byte offset of member {@code values} in the struct; negative without one. */
  private long valuesOffset = -1;

  /**
   * @param object name of the file, for messages
   * @param name of the map
   * @param definition its struct
   */
  MapDefinition(Btf btf, String object, String name, BtfType.Struct definition) {
    this(btf, object, name, definition, false);
  }

  private MapDefinition(
      Btf btf, String object, String name, BtfType.Struct definition, boolean isInner) {
    this.btf = btf;
    this.object = object;
    this.name = name;
    this.isInner = isInner;
    List<BtfType.Member> members = definition.members();
    for (int i = 0; i < members.size(); i++) {
      read(members.get(i), i == members.size() - 1);
    }
    if (type == 0) {
      throw malformed("does not say its type");
    }
  }

  private void read(BtfType.Member member, boolean last) {
    switch (member.name()) {
      case "type" -> type = number(member);
      case "max_entries" -> maxEntries = number(member);
      case "map_flags" -> flags = number(member);
      case "numa_node" -> numaNode = number(member);
      case "map_extra" -> extra = longNumber(member);
      case "key_size" -> keySize = size(keySize, Integer.toUnsignedLong(number(member)), "key");
      case "value_size" ->
          valueSize = size(valueSize, Integer.toUnsignedLong(number(member)), "value");
      case "key" -> {
        keyType = pointed(member);
        keySize = size(keySize, btf.sizeOf(keyType), "key");
      }
      case "value" -> {
        valueType = pointed(member);
        valueSize = size(valueSize, btf.sizeOf(valueType), "value");
      }
      case "pinning" -> pin(number(member));
      case "values" -> readValues(member, last);
      default ->
          throw new UnsupportedException(
              object
                  + " defines map "
                  + Elf.shown(name)
                  + " with a field "
                  + Elf.shown(member.name())
                  + " that no map has");
    }
  }

  private void pin(int pinning) {
    if (isInner) {
      throw malformed("pins the maps inside it, which have no names");
    }
    if (pinning != 0 && pinning != 1) {
      throw malformed("has pinning " + pinning + ": 0 is none, 1 by name");
    }
    pinned = pinning == 1;
  }

  private void readValues(BtfType.Member member, boolean last) {
    boolean ofMaps = holdsMaps(type);
    if (isInner) {
      throw malformed("nests maps deeper than one map inside another");
    }
    if (!last || (!ofMaps && type != PROG_ARRAY)) {
      throw malformed("has values, which come last in a map of maps or of programs");
    }
    valueSize = size(valueSize, 4, "value");
    valuesOffset = Integer.toUnsignedLong(member.bitOffset()) / 8;
    if (!(btf.resolved(member.type()) instanceof BtfType.Array array)
        || array.count() != 0
        || !(btf.resolved(array.element()) instanceof BtfType.Ptr pointer)) {
      throw malformed("has values that are not an array of pointers of no fixed length");
    }
    BtfType value = btf.resolved(pointer.type());
    if (ofMaps && value instanceof BtfType.Struct struct) {
      inner = Optional.of(new MapDefinition(btf, object, name + ".inner", struct, true).spec());
    } else if (ofMaps || !(value instanceof BtfType.FuncProto)) {
      throw malformed("has values of a wrong type");
    }
  }

  private long size(long before, long now, String what) {
    if (before >= 0 && before != now) {
      throw malformed("has two sizes of its " + what + ", " + before + " and " + now);
    }
    if (now > Integer.MAX_VALUE) {
      throw malformed("has a " + what + " of " + now + " bytes");
    }
    return now;
  }

  /** A number is the dimension of the array that the member points to. */
  private int number(BtfType.Member member) {
    if (btf.resolved(member.type()) instanceof BtfType.Ptr pointer
        && btf.resolved(pointer.type()) instanceof BtfType.Array array) {
      return array.count();
    }
    throw malformed("has a " + Elf.shown(member.name()) + " that is not written with __uint");
  }

  /** A number of 64 bits is the value of the only enumerator of the member's type. */
  private long longNumber(BtfType.Member member) {
    if (btf.resolved(member.type()) instanceof BtfType.Enumeration type) {
      if (type.values().size() != 1) {
        throw malformed("has a " + Elf.shown(member.name()) + " of several values");
      }
      return type.values().getFirst().value();
    }
    return Integer.toUnsignedLong(number(member));
  }

  private int pointed(BtfType.Member member) {
    if (btf.resolved(member.type()) instanceof BtfType.Ptr pointer) {
      return pointer.type();
    }
    throw malformed("has a " + Elf.shown(member.name()) + " that is not written with __type");
  }

  private MalformedException malformed(String what) {
    return new MalformedException(object + ": map " + Elf.shown(name) + " " + what, -1);
  }

  static boolean holdsMaps(int type) {
    return type == ARRAY_OF_MAPS || type == HASH_OF_MAPS;
  }

  long valuesOffset() {
    return valuesOffset;
  }

  MapSpec spec() {
    boolean typed = takesBtf(type);
    return new MapSpec(
        name,
        type,
        (int) Math.max(keySize, 0),
        (int) Math.max(valueSize, 0),
        maxEntries,
        flags,
        numaNode,
        extra,
        pinned,
        typed ? keyType : 0,
        typed ? valueType : 0,
        inner,
        new MapContents.Empty());
  }

  /**
   * Whether the kernel lets a map of this type have BTF; creating one of the others with it fails.
   */
  private static boolean takesBtf(int type) {
    return switch (type) {
      case PROG_ARRAY,
          4, // PERF_EVENT_ARRAY
          7, // STACK_TRACE
          8, // CGROUP_ARRAY
          ARRAY_OF_MAPS,
          HASH_OF_MAPS,
          14, // DEVMAP
          15, // SOCKMAP
          16, // CPUMAP
          17, // XSKMAP
          18, // SOCKHASH
          22, // QUEUE
          23, // STACK
          25, // DEVMAP_HASH
          33 -> // ARENA
          false;
      default -> true;
    };
  }
}
