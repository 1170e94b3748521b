// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.MalformedException;

/**
 * Makes BTF: from nothing, as a split that continues a base, or from BTF that there is, whose ids
 * and string offsets then stay what they were. Not safe for use by several threads.
 *
 * <pre>{@code
 * BtfBuilder builder = BtfBuilder.from(btf);
 * builder.set(id, new BtfType.Var("counter", intId, BtfType.Linkage.GLOBAL));
 * int added = builder.add(new BtfType.Ptr(id));
 * byte[] bytes = builder.toBytes();
 * }</pre>
 *
 * <p>A type may refer to an id that is added later; whether it ever is, is not checked here. Limits
 * of the format are checked when the bytes are made.
 */
public final class BtfBuilder {
  /** {@code BTF_MAX_TYPE} of the kernel's header. */
  private static final int MAX_TYPE = 0xFFFFF;

  private final Btf base;
  private final int firstId;

  /** Where types come from that were not added or set, or null. */
  private final Btf original;

  private final ByteOrder order;
  private final BtfStrings strings;

  /** The types from {@link #firstId} on; null for one that is still the original's. */
  private final List<BtfType> types = new ArrayList<>();

  /** Starts an empty, little-endian BTF. */
  public BtfBuilder() {
    this(ByteOrder.LITTLE_ENDIAN);
  }

  /** Starts an empty BTF of this byte order. */
  public BtfBuilder(ByteOrder order) {
    this(null, null, order, BtfStrings.empty());
  }

  private BtfBuilder(Btf base, Btf original, ByteOrder order, BtfStrings strings) {
    this.base = base;
    this.firstId = base == null ? 1 : base.size();
    this.original = original;
    this.order = order;
    this.strings = strings;
  }

  /** Starts an empty split BTF that continues {@code base}, in the same byte order. */
  public static BtfBuilder split(Btf base) {
    return new BtfBuilder(base, null, base.order(), BtfStrings.continuing(base.stringEnd()));
  }

  /**
   * Starts with all types and strings of {@code btf}, under the ids and offsets they have there.
   */
  public static BtfBuilder from(Btf btf) {
    BtfBuilder builder =
        new BtfBuilder(btf.base().orElse(null), btf, btf.order(), BtfStrings.copyOf(btf.data()));
    for (int id = btf.firstId(); id < btf.size(); id++) {
      builder.types.add(null);
    }
    return builder;
  }

  /** One more than the highest id: what {@link #add} returns next. */
  public int size() {
    return firstId + types.size();
  }

  /** The lowest id that this builder may {@link #set}. */
  public int firstId() {
    return firstId;
  }

  /** Appends a type and returns its id. */
  public int add(BtfType type) {
    int id = size();
    if (id > MAX_TYPE) {
      throw new MalformedException("BTF holds no more than " + MAX_TYPE + " types", -1);
    }
    types.add(checked(type));
    return id;
  }

  /** Puts a type in the place of another. */
  public void set(int id, BtfType type) {
    if (id < firstId || id >= size()) {
      throw new MalformedException("no BTF type of id " + id + " can be replaced", -1);
    }
    types.set(id - firstId, checked(type));
  }

  private static BtfType checked(BtfType type) {
    if (type instanceof BtfType.Void || type instanceof BtfType.Unknown) {
      throw new MalformedException("BTF type " + type + " cannot be written", -1);
    }
    return type;
  }

  /** The type of an id as it is now; the base's are there as well. */
  public BtfType type(int id) {
    if (id >= firstId && id < size()) {
      BtfType type = types.get(id - firstId);
      return type != null ? type : original.type(id);
    }
    return base != null ? base.type(id) : Btf.voidOrMissing(id, size());
  }

  /**
   * Offset of a string in the string section, as .BTF.ext refers to strings; adds it if it is not
   * there yet. A split BTF has strings of its own even where its base has the same.
   */
  public int addString(String string) {
    return strings.offset(string);
  }

  /**
   * The BTF as bytes.
   *
   * @throws MalformedException when a type exceeds what the format can hold
   */
  public byte[] toBytes() {
    // The layout table only serves readers that meet a kind they do not know.
    boolean unknown = false;
    for (int i = 0; i < types.size(); i++) {
      unknown |= types.get(i) == null && original.data().kind(i) > Kind.ENUM64;
    }
    return toBytes(unknown ? original.data().layout() : new byte[0]);
  }

  /** The same with this layout table, or none when it is empty. */
  byte[] toBytes(byte[] layout) {
    BtfEncoder encoder = new BtfEncoder(order, strings);
    for (int i = 0; i < types.size(); i++) {
      BtfType type = types.get(i);
      if (type == null) {
        BtfData data = original.data();
        encoder.copy(data.bytes(), data.start(i), data.length(i));
      } else {
        encoder.encode(firstId + i, type);
      }
    }
    boolean table = layout.length > 0;
    int header = table ? BtfData.HEADER_WITH_LAYOUT : BtfData.HEADER;
    int typeLength = encoder.length();
    int stringAt = typeLength + layout.length;
    ByteBuffer out =
        ByteBuffer.allocate(header + stringAt + strings.length())
            .order(order)
            .putShort((short) BtfData.MAGIC)
            .put((byte) BtfData.VERSION)
            .put((byte) 0)
            .putInt(header)
            .putInt(0)
            .putInt(typeLength)
            .putInt(stringAt)
            .putInt(strings.length());
    if (table) {
      out.putInt(typeLength).putInt(layout.length);
    }
    out.put(encoder.bytes(), 0, typeLength);
    out.put(layout);
    out.put(strings.bytes(), 0, strings.length());
    return out.array();
  }

  /** {@link #toBytes}, parsed. */
  public Btf build() {
    return base == null ? Btf.parse(toBytes()) : Btf.parse(toBytes(), base);
  }
}
