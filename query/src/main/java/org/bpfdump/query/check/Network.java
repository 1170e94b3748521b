// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.nio.ByteOrder;
import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.BinaryOperator;
import org.bpfdump.query.syntax.Expression;

/** {@code ip()} and {@code port()}. */
final class Network {
  private final Expressions expressions;
  private final Types types;
  private final Access access;
  private final Arithmetic arithmetic;
  private final Conversions conversions;

  Network(
      Expressions expressions,
      Types types,
      Access access,
      Arithmetic arithmetic,
      Conversions conversions) {
    this.expressions = expressions;
    this.types = types;
    this.access = access;
    this.arithmetic = arithmetic;
    this.conversions = conversions;
  }

  /** 4 or 16 bytes in network order. */
  Operand ip(Span span, Expression argument) {
    Operand operand = expressions.operand(argument);
    if (operand instanceof Operand.Scalar scalar
        && scalar.value().type() instanceof Type.Pointer pointer
        && pointer.to() != 0
        && types.composite(pointer.to()) != null) {
      operand = access.pointers().follow(span, scalar.value());
    }
    if (operand instanceof Operand.Thing thing && thing.bits() == 0) {
      int type = thing.place().type();
      boolean bytes =
          types.resolved(type) instanceof BtfType.Array array && !types.character(array.element());
      if ((bytes || types.named(type, "in6_addr")) && types.size(type) == 16) {
        return new Operand.Octets(span, access.whole(thing.place(), 16), 16, new Shown.Ipv6());
      }
      if (bytes && types.size(type) == 4) {
        Value value =
            new Value.Load(
                span,
                Types.UINT,
                access.placed(thing.place(), types.unit(4), thing.place().offset()),
                Optional.empty());
        return new Operand.Scalar(value, Optional.of(new Shown.Ipv4()));
      }
      if (!bytes && types.scalar(type) == null && types.only(type) == 0) {
        throw Fault.at(
            operand.span(),
            "ip() takes a __be32 or a struct in6_addr, and this is " + types.describe(type));
      }
    }
    Value value = expressions.value(operand);
    if (!(value.type() instanceof Type.Int type) || type.bytes() != 4) {
      throw Fault.at(
          value.span(),
          "ip() takes a __be32 or a struct in6_addr, and this is " + types.describe(value.type()));
    }
    return new Operand.Scalar(value, Optional.of(new Shown.Ipv4()));
  }

  /** The first of an IPv4 and an IPv6 address that is not NULL. */
  Operand either(Span span, Expression first, Expression second) {
    Operand four = ip(first.span(), first);
    Operand six = ip(second.span(), second);
    if (!(four instanceof Operand.Scalar of4)) {
      throw Fault.at(first.span(), "ip() of two takes the IPv4 address first, as a __be32");
    }
    if (!(six instanceof Operand.Octets of6)) {
      throw Fault.at(
          second.span(), "ip() of two takes the IPv6 address second, as a struct in6_addr");
    }
    return new Operand.Address(span, of4.value(), of6.place());
  }

  /** A port as people write it: what is in network order is turned round. */
  Operand port(Span span, Expression argument) {
    Value value = expressions.value(argument);
    if (!(value.type() instanceof Type.Int type) || type.bytes() > 4) {
      throw Fault.at(
          value.span(),
          "port() takes a number of 16 bits, and this is " + types.describe(value.type()));
    }
    boolean network = type.id() != 0 && types.named(type.id(), "__be16");
    if (!network || types.btf().order() == ByteOrder.BIG_ENDIAN) {
      return new Operand.Scalar(value, Optional.of(new Shown.Decimal()));
    }
    Value eight = new Value.Constant(span, Type.INT, 8);
    Value high = arithmetic.binary(span, BinaryOperator.SHIFT_LEFT, value, eight);
    Value low = arithmetic.binary(span, BinaryOperator.SHIFT_RIGHT, value, eight);
    Value turned = arithmetic.binary(span, BinaryOperator.OR, high, low);
    return new Operand.Scalar(
        conversions.to(span, new Type.Int(2, false, 0), turned), Optional.of(new Shown.Decimal()));
  }
}
