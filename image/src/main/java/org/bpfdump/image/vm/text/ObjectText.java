// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Machine;

/**
 * Objects shown by their BTF type, as {@code bpf_seq_printf_btf} and {@code bpf_snprintf_btf} do.
 * What a struct or array holds is gone over twice unless zeroes are shown: at first to see whether
 * anything in it is. Source: kernel/bpf/btf.c, the functions of {@code struct btf_show}. Of one
 * thread.
 */
public final class ObjectText {
  /** {@code BTF_F_COMPACT}: no indentation and no newlines. */
  private static final int COMPACT = 1;

  /** {@code BTF_F_PTR_RAW}: pointers as they are. */
  private static final int RAW = 1 << 2;

  /** {@code BTF_F_ZERO}: zeroes, too. */
  private static final int ZERO = 1 << 3;

  private static final int ALL = 15;
  private static final int MOST_INDENT = 32;
  private static final int DEEPEST = 64;

  private final TypeTable types;
  private final Pointers pointers;
  private final TextBuffer text = new TextBuffer();
  private final Conversion conversion = new Conversion();
  private final byte[] bytes = new byte[80];

  private Machine machine;
  private int flags;
  private int depth;
  private int shownDepth;
  private int checkDepth;
  private boolean element;
  private boolean characters;
  private boolean terminated;
  private BtfType type;
  private int typeId;
  private BtfType.Member member;
  private int status;

  /** Of the types of a kernel. */
  public ObjectText(TypeTable types, Pointers pointers) {
    this.types = types;
    this.pointers = pointers;
  }

  /** What was shown last. */
  public TextBuffer text() {
    return text;
  }

  /**
   * Shows an object.
   *
   * @param id of its type, which is one of the kernel's
   * @return 0, or a negative errno; what could be shown is in the text even so
   */
  public int show(Machine caller, int id, long address, long showFlags) {
    if ((showFlags & ~ALL) != 0) {
      return -EINVAL;
    }
    machine = caller;
    flags = (int) showFlags;
    text.clear();
    depth = 0;
    shownDepth = 0;
    checkDepth = 0;
    element = false;
    characters = false;
    terminated = false;
    type = null;
    typeId = 0;
    member = null;
    status = 0;
    try {
      show(id, id, address);
    } catch (MalformedException e) {
      throw new ProgramException("shows an object of BTF type " + id + ": " + e.getMessage());
    }
    return status;
  }

  /**
   * Shows what is at an address.
   *
   * @param id of the type to show
   * @param named of the type to name: the same, or what it resolves from
   */
  private void show(int id, int named, long address) {
    machine.charge(1);
    if (depth > DEEPEST) {
      status = -EINVAL;
      return;
    }
    BtfType shown = types.resolved(id);
    switch (shown) {
      case BtfType.Struct struct -> composite(struct, named, address);
      case BtfType.Union union -> composite(union, named, address);
      case BtfType.Array array -> array(array, named, address);
      case BtfType.Int number -> {
        if (start(number, named, address, 16)) {
          integer(number);
          end();
        }
      }
      case BtfType.Ptr pointer -> {
        if (start(pointer, named, address, 8)) {
          long value = number(8, false);
          if (begin(value)) {
            text.put("0x");
            conversion.clear();
            if ((flags & RAW) != 0) {
              conversion.pointer(text, value);
            } else {
              pointers.hashed(machine, conversion, text, value);
            }
            finish();
          }
          end();
        }
      }
      case BtfType.Enum constant -> enumeration(constant, named, address, 4);
      case BtfType.Enum64 constant -> enumeration(constant, named, address, 8);
      case BtfType.Float _,
          BtfType.Fwd _,
          BtfType.FuncProto _,
          BtfType.Func _,
          BtfType.Void _,
          BtfType.Var _,
          BtfType.Datasec _,
          BtfType.DeclTag _,
          BtfType.Modifier _,
          BtfType.Unknown _ -> {
        if (checkDepth == 0) {
          text.put("<unsupported kind:" + types.kind(id) + ">");
        }
      }
    }
  }

  /** Reads up to {@code most} bytes of what is shown; false when they are not there. */
  private boolean start(BtfType shown, int named, long address, int most) {
    type = shown;
    typeId = named;
    // The kernel takes every enum for one of 32 bits, even one that has fewer.
    boolean constant = shown instanceof BtfType.Enum;
    int size = constant ? most : (int) Math.min(most, Math.max(1, types.size(shown)));
    status = machine.read(address, bytes, 0, size) == 0 ? 0 : -EFAULT;
    return status == 0;
  }

  private void end() {
    type = null;
    typeId = 0;
  }

  /** Little-endian, from the bytes that were read. */
  private long number(int size, boolean signed) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[i] & 0xFFL) << (8 * i);
    }
    int left = Long.SIZE - 8 * size;
    return signed ? value << left >> left : value;
  }

  private void integer(BtfType.Int shown) {
    if (shown.bitOffset() != 0 || shown.bits() % 8 != 0 || shown.bits() > 64) {
      bits(shown.bitOffset(), shown.bits());
      return;
    }
    int size = shown.bits() / 8;
    if (Integer.bitCount(size) != 1) {
      bits(0, shown.bits());
      return;
    }
    long value = number(size, shown.signed());
    if (size == 1 && characters) {
      if (terminated || value == 0) {
        terminated = true;
        return;
      }
      int c = (int) value & 0xFF;
      if (CType.isPunctuation(c) || CType.isLetterOrDigit(c) || c == ' ' || c == 0xA0) {
        if (begin(value)) {
          text.put('\'');
          text.put(c);
          text.put('\'');
          finish();
        }
        return;
      }
    }
    if (begin(value)) {
      decimal(value, shown.signed());
      finish();
    }
  }

  private void decimal(long value, boolean signed) {
    conversion.clear();
    if (signed) {
      conversion.signed(text, value);
    } else {
      conversion.unsigned(text, value);
    }
  }

  /** Bits that are not whole bytes, or more than 64: in hexadecimal. */
  private void bits(int offset, int count) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < count; i++) {
      int at = offset + i;
      long bit = (bytes[at / 8] >> (at % 8)) & 1;
      if (i < Long.SIZE) {
        low |= bit << i;
      } else {
        high |= bit << (i - Long.SIZE);
      }
    }
    if (begin(low | high)) {
      text.put("0x");
      conversion.clear();
      if (high != 0) {
        conversion.hexadecimal(text, high, false);
        conversion.width = 16;
        conversion.zero = true;
      }
      conversion.hexadecimal(text, low, false);
      finish();
    }
  }

  private void enumeration(BtfType.Enumeration shown, int named, long address, int size) {
    if (!start(shown, named, address, size)) {
      return;
    }
    long value = number(size, shown.signed());
    for (BtfType.Enumerator constant : shown.values()) {
      if (constant.value() == value) {
        begin(1); // a name is never zero
        if (checkDepth == 0) {
          text.put(constant.name());
        }
        finish();
        end();
        return;
      }
    }
    if (begin(value)) {
      decimal(value, shown.signed());
      finish();
    }
    end();
  }

  private void composite(BtfType.Composite shown, int named, long address) {
    BtfType.Member own = member;
    if (startCheck()) {
      members(shown, named, address);
      member = own;
      if (!endCheck()) {
        return;
      }
    }
    members(shown, named, address);
  }

  private void array(BtfType.Array shown, int named, long address) {
    BtfType.Member own = member;
    if (startCheck()) {
      elements(shown, named, address);
      member = own;
      if (!endCheck()) {
        return;
      }
    }
    elements(shown, named, address);
  }

  /** Whether to go over an object to see what of it would be shown. */
  private boolean startCheck() {
    if (depth == 0 || (flags & ZERO) != 0) {
      return false;
    }
    if (checkDepth == 0) {
      checkDepth = depth + 1;
      shownDepth = 0;
    }
    return true;
  }

  /** Whether it is to be shown now. */
  private boolean endCheck() {
    if (checkDepth != depth + 1) {
      return false;
    }
    checkDepth = 0;
    return shownDepth > depth;
  }

  private void members(BtfType.Composite shown, int named, long address) {
    if (!startAggregate(shown, named, address)) {
      return;
    }
    for (BtfType.Member each : shown.members()) {
      member = each;
      long at = address + each.bitOffset() / 8;
      if (each.bitfieldSize() != 0) {
        int offset = each.bitOffset() % 8;
        type = types.get(each.type());
        typeId = each.type();
        int size = (offset + each.bitfieldSize() + 7) / 8;
        status = machine.read(at, bytes, 0, size) == 0 ? 0 : -EFAULT;
        if (status == 0) {
          bits(offset, each.bitfieldSize());
        }
        end();
      } else {
        show(each.type(), each.type(), at);
      }
      member = null;
    }
    endAggregate('}');
  }

  private void elements(BtfType.Array shown, int named, long address) {
    BtfType each = types.resolved(shown.element());
    // The kernel knows no size of pointers and arrays here, and stays where it is.
    long size = each instanceof BtfType.Ptr || each instanceof BtfType.Array ? 0 : types.size(each);
    characters = each instanceof BtfType.Int number && (number.size() == 1 || number.character());
    terminated = false;
    if (!startAggregate(shown, named, address)) {
      return;
    }
    long at = address;
    for (long i = 0; i < Integer.toUnsignedLong(shown.count()) && !terminated; i++) {
      element = true;
      member = null;
      show(shown.element(), shown.element(), at);
      at += size;
      element = false;
      member = null;
    }
    characters = false;
    terminated = false;
    endAggregate(']');
  }

  private boolean startAggregate(BtfType shown, int named, long address) {
    if (!start(shown, named, address, 1)) {
      return false;
    }
    if (checkDepth == 0) {
      indent();
      name();
      newline();
    }
    depth++;
    return true;
  }

  private void endAggregate(char suffix) {
    depth--;
    if (checkDepth == 0) {
      indent();
      text.put(suffix);
      delimiter();
      newline();
    }
    end();
  }

  /** What comes before a value, if it is shown; whether to write the value itself. */
  private boolean begin(long value) {
    if (value == 0 && (flags & ZERO) == 0 && depth != 0) {
      return false;
    }
    shownDepth = Math.max(shownDepth, depth);
    if (checkDepth != 0) {
      return false;
    }
    indent();
    name();
    return true;
  }

  /** What comes after a value. */
  private void finish() {
    if (checkDepth == 0) {
      delimiter();
      newline();
    }
  }

  private void indent() {
    if ((flags & COMPACT) == 0) {
      text.repeat(' ', Math.min(depth, MOST_INDENT));
    }
  }

  private void newline() {
    if ((flags & COMPACT) == 0) {
      text.put('\n');
    }
  }

  private void delimiter() {
    if (depth > 0) {
      text.put((flags & COMPACT) != 0 && type instanceof BtfType.Union ? '|' : ',');
    }
  }

  private void name() {
    if (!element) {
      text.put(types.name(member == null ? typeId : member.type(), member, flags));
    }
  }
}
