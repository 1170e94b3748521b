// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.BinaryOperator;

/** Addresses of the network, and their comparison with ones written as text. */
final class Addresses {
  private static final int IPV6_BYTES = 16;

  private final Types types;
  private final Access access;
  private final Arithmetic arithmetic;

  Addresses(Types types, Access access, Arithmetic arithmetic) {
    this.types = types;
    this.access = access;
    this.arithmetic = arithmetic;
  }

  /** Whether an address is the one that is written, or null when it is no address. */
  Value same(Span span, Operand operand, String written) {
    return switch (operand) {
      case Operand.Scalar scalar ->
          scalar.shown().orElse(null) instanceof Shown.Ipv4
              ? same(span, scalar.value(), parse(span, written, 4), Types.UINT)
              : null;
      case Operand.Octets octets ->
          octets.shown() instanceof Shown.Ipv6 ? same(span, octets.place(), written) : null;
      case Operand.Thing thing -> {
        int type = thing.place().type();
        if (thing.bits() > 0) {
          yield null;
        }
        if (types.named(type, "in6_addr")) {
          yield same(span, thing.place(), written);
        }
        int only = types.only(type);
        yield only != 0 && types.named(only, "__be32")
            ? same(span, access.load(thing), parse(span, written, 4), Types.UINT)
            : null;
      }
      case Operand.Address address ->
          throw Fault.at(
              address.span(),
              "this is an address of either kind: compare ip() of the one that is meant");
      case Operand.Words words -> null;
    };
  }

  private Value same(Span span, Value value, ByteBuffer bytes, Type.Int type) {
    long number = bytes.remaining() == 4 ? bytes.getInt() & 0xffffffffL : bytes.getLong();
    return arithmetic.binary(
        span, BinaryOperator.EQUAL, value, new Value.Constant(span, type, number));
  }

  private Value same(Span span, Place place, String written) {
    ByteBuffer bytes = parse(span, written, IPV6_BYTES);
    Value both = null;
    for (int at = 0; at < IPV6_BYTES; at += 8) {
      Place half = access.placed(place, types.unit(8), place.offset() + at);
      Value load = new Value.Load(span, Type.U64, half, Optional.empty());
      Value equal = same(span, load, bytes.slice(at, 8).order(bytes.order()), Type.U64);
      both = both == null ? equal : new Value.Both(span, both, equal);
    }
    return both;
  }

  /** The bytes of a written address, as a load on the kernel's machine sees them. */
  private ByteBuffer parse(Span span, String written, int length) {
    ByteOrder order = types.btf().order();
    try {
      byte[] bytes = InetAddress.ofLiteral(written).getAddress();
      if (bytes.length == 4 && length == IPV6_BYTES) {
        // Java takes ::ffff:1.2.3.4 for the IPv4 address that it stands for.
        byte[] mapped = new byte[IPV6_BYTES];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        bytes = written.indexOf(':') >= 0 ? mapped : bytes;
      }
      if (bytes.length == length) {
        return ByteBuffer.wrap(bytes).order(order);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw Fault.at(
        span,
        "\""
            + written
            + "\" is no "
            + (length == 4 ? "IPv4 address, such as 127.0.0.1" : "IPv6 address, such as ::1"));
  }
}
