// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.Nearest;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.BinaryOperator;
import org.bpfdump.query.syntax.Expression;

/** The functions that expressions have beyond C. */
final class Functions {
  static final List<String> NAMES =
      List.of(
          "path",
          "str",
          "ip",
          "port",
          "ksym",
          "user",
          "uid",
          "flags",
          "now",
          "since",
          "either",
          "percpu",
          "sizeof",
          "container_of");

  private final Expressions expressions;
  private final Types types;
  private final Names names;
  private final Access access;
  private final Texts texts;
  private final Network network;
  private final Arithmetic arithmetic;
  private final Conversions conversions;

  Functions(
      Expressions expressions,
      Types types,
      Names names,
      Access access,
      Texts texts,
      Arithmetic arithmetic,
      Conversions conversions) {
    this.expressions = expressions;
    this.types = types;
    this.names = names;
    this.access = access;
    this.texts = texts;
    this.arithmetic = arithmetic;
    this.conversions = conversions;
    this.network = new Network(expressions, types, access, arithmetic, conversions);
  }

  Operand call(Expression.Call call) {
    List<Expression> arguments = call.arguments();
    return switch (call.function()) {
      case "path" -> new Operand.Words(path(call));
      case "str" -> new Operand.Words(str(call));
      case "ip" -> {
        count(call, 1, 2, "ip(address) or ip(IPv4 address, IPv6 address)");
        yield arguments.size() == 1
            ? network.ip(call.span(), arguments.getFirst())
            : network.either(call.span(), arguments.getFirst(), arguments.getLast());
      }
      case "port" -> network.port(call.span(), one(call));
      case "ksym" -> {
        Value address = expressions.value(one(call));
        if (!types.symbols()) {
          throw Fault.missing(
              call.nameSpan(),
              "this kernel tells programs no symbols: it takes bpf_snprintf, which kernels have"
                  + " since Linux 5.13; show the address, as (void *)...");
        }
        yield new Operand.Words(
            new Text.SymbolAt(
                call.span(),
                address.type() instanceof Type.Int
                    ? conversions.side(Type.U64, address)
                    : address));
      }
      case "user" -> new Operand.Scalar(number(call), Optional.of(new Shown.User()));
      case "uid" -> new Operand.Scalar(number(call), Optional.of(new Shown.Decimal()));
      case "flags" -> flags(call);
      case "now" -> {
        count(call, 0, 0, "now()");
        yield Operand.of(new Value.Clock(call.span(), Value.Clock.Source.MONOTONIC));
      }
      case "since" -> since(call);
      case "either" -> either(call, arguments);
      case "percpu" -> Operand.of(perCpu(call));
      default ->
          throw Fault.at(
              call.nameSpan(),
              "no function is named "
                  + call.function()
                  + Nearest.hint(
                      call.function(), NAMES, ": there are " + String.join(", ", NAMES)));
    };
  }

  /** Where on a CPU is what a pointer to memory of each CPU means. */
  private Value perCpu(Expression.Call call) {
    count(call, 2, 2, "percpu(pointer, cpu)");
    Value pointer = expressions.value(call.arguments().getFirst());
    Value cpu = expressions.value(call.arguments().getLast());
    if (!(pointer.type() instanceof Type.Pointer type)) {
      throw Fault.at(
          pointer.span(),
          "percpu() takes a pointer to memory of each CPU, and this is "
              + types.describe(pointer.type()));
    }
    if (!(cpu.type() instanceof Type.Int)) {
      throw Fault.at(cpu.span(), "a CPU is a number, and this is " + types.describe(cpu.type()));
    }
    long helper = types.enumerator("bpf_func_id", "BPF_FUNC_map_lookup_percpu_elem");
    int array = types.btf().findId("bpf_array", BtfType.Struct.class);
    Members.Found values = array == 0 ? null : names.members().find(array, "pptrs");
    if (helper < 0 || values == null) {
      throw Fault.missing(
          call.nameSpan(),
          "memory of each CPU cannot be read here: it takes bpf_map_lookup_percpu_elem, which"
              + " kernels have since Linux 5.19");
    }
    return new Value.PerCpu(
        call.span(), type, pointer, cpu, (int) helper, (int) (values.bit() / 8));
  }

  private static void count(Expression.Call call, int least, int most, String usage) {
    int count = call.arguments().size();
    if (count < least || count > most) {
      throw Fault.at(
          call.span(),
          call.function()
              + "() takes "
              + (least == most ? Integer.toString(least) : least + " to " + most)
              + (most == 1 ? " argument" : " arguments")
              + ", and "
              + count
              + (count == 1 ? " is" : " are")
              + " given: write "
              + usage);
    }
  }

  private static Expression one(Expression.Call call) {
    count(call, 1, 1, call.function() + "(...)");
    return call.arguments().getFirst();
  }

  private Value number(Expression.Call call) {
    Value value = expressions.value(one(call));
    if (value.type() instanceof Type.Pointer) {
      throw Fault.at(
          value.span(),
          call.function() + "() takes a number, and this is " + types.describe(value.type()));
    }
    return value;
  }

  private Text path(Expression.Call call) {
    Operand operand = expressions.operand(one(call));
    Operand.Thing thing = null;
    if (operand instanceof Operand.Thing t && types.composite(t.place().type()) != null) {
      thing = t;
    } else if (operand instanceof Operand.Scalar || operand instanceof Operand.Thing) {
      Value pointer = expressions.value(operand);
      if (pointer.type() instanceof Type.Pointer type
          && type.to() != 0
          && types.composite(type.to()) != null) {
        thing = access.pointers().follow(operand.span(), pointer);
      }
    }
    String struct = thing == null ? "" : types.btf().name(types.resolve(thing.place().type()));
    if (thing != null && struct.equals("file")) {
      thing = names.select(operand.span(), thing, "f_path", operand.span());
      struct = "path";
    }
    if (thing == null || !struct.equals("path")) {
      throw Fault.at(
          operand.span(),
          "path() takes a struct path or a struct file, and this is "
              + kind(operand, thing)
              + (struct.equals("dentry") || struct.equals("inode")
                  ? ", which does not know where it is mounted"
                  : ""));
    }
    if (!access.trusted(thing.place())) {
      throw Fault.at(
          operand.span(),
          "path() cannot be asked of this one: the kernel takes only what members lead to, no"
              + " casts, no unions and no positions computed");
    }
    if (!tellsPaths()) {
      throw Fault.missing(
          call.span(),
          "path() is not for this kernel, which tells iterators no paths before 5.12: a name alone"
              + " is str(file.f_path.dentry.d_name.name)");
    }
    return new Text.PathOf(call.span(), access.located(thing.place()));
  }

  /**
   * Whether iterators may call {@code bpf_d_path}, which nothing in the kernel's types says. They
   * may since the target {@code task_vma} came, by the same patches (Linux 5.12).
   */
  private boolean tellsPaths() {
    return types.btf().find("bpf_iter__task_vma", BtfType.Struct.class).isPresent();
  }

  private String kind(Operand operand, Operand.Thing thing) {
    return thing != null
        ? types.describe(thing.place().type())
        : switch (operand) {
          case Operand.Scalar scalar -> types.describe(scalar.value().type());
          case Operand.Thing other -> types.describe(other.place().type());
          case Operand.Words words -> "a text";
          case Operand.Octets octets -> "an address of the network";
          case Operand.Address address -> "an address of the network";
        };
  }

  private Text str(Expression.Call call) {
    count(call, 1, 2, "str(pointer) or str(pointer, " + Text.LONGEST + ")");
    int max = Text.LONGEST;
    if (call.arguments().size() == 2) {
      Value value = expressions.value(call.arguments().get(1));
      if (!(value instanceof Value.Constant c)) {
        return counted(call, value);
      }
      if (c.value() < 1 || c.value() > Text.LONGEST) {
        throw Fault.at(value.span(), "the length of str() is from 1 to " + Text.LONGEST);
      }
      max = (int) c.value();
    }
    Operand operand = expressions.operand(call.arguments().getFirst());
    if (operand instanceof Operand.Thing thing
        && types.resolved(thing.place().type()) instanceof BtfType.Array array
        && types.size(array.element()) == 1) {
      return texts.array(thing, array, max);
    }
    if (operand instanceof Operand.Words words) {
      return words.text();
    }
    Value value = expressions.value(operand);
    if (!(value.type() instanceof Type.Pointer)) {
      throw Fault.at(
          value.span(),
          "str() takes a pointer to characters, and this is " + types.describe(value.type()));
    }
    return new Text.StringAt(call.span(), value, max);
  }

  /** {@code str(pointer, length)} with a length that the program computes. */
  private Text counted(Expression.Call call, Value length) {
    Value pointer = expressions.value(call.arguments().getFirst());
    if (!(length.type() instanceof Type.Int)) {
      throw Fault.at(
          length.span(),
          "the length of str() is a number, and this is " + types.describe(length.type()));
    }
    if (!(pointer.type() instanceof Type.Pointer)) {
      throw Fault.at(
          pointer.span(),
          "str() takes a pointer to characters, and this is " + types.describe(pointer.type()));
    }
    return new Text.Counted(call.span(), pointer, length, Text.LONGEST);
  }

  private Operand flags(Expression.Call call) {
    count(call, 2, 2, "flags(number, PREFIX)");
    Value value = expressions.value(call.arguments().getFirst());
    if (value.type() instanceof Type.Pointer) {
      throw Fault.at(
          value.span(), "flags() takes a number, and this is " + types.describe(value.type()));
    }
    Expression second = call.arguments().get(1);
    String prefix =
        switch (second) {
          case Expression.Name name -> name.name();
          case Expression.Text text -> text.value();
          default ->
              throw Fault.at(
                  second.span(), "the second argument of flags() is what the names begin with");
        };
    List<BtfType.Enumerator> bits = names.enumerators().bits(prefix);
    if (bits.isEmpty()) {
      throw Fault.missing(
          second.span(),
          "no enumerator of one bit begins with "
              + prefix
              + " on this kernel: constants that are macros have no names in its types, test their"
              + " bits with &");
    }
    return new Operand.Scalar(value, Optional.of(new Shown.Flags(shortened(bits, prefix))));
  }

  /** Names without what all of them begin with, which says nothing. */
  private static List<BtfType.Enumerator> shortened(List<BtfType.Enumerator> bits, String prefix) {
    List<BtfType.Enumerator> names = new ArrayList<>();
    for (BtfType.Enumerator bit : bits) {
      String rest = bit.name().substring(prefix.length());
      names.add(new BtfType.Enumerator(rest.isEmpty() ? bit.name() : rest, bit.value()));
    }
    return names;
  }

  /** How long ago; by the clock that the member is known to have been set by. */
  private Operand since(Expression.Call call) {
    Value time = number(call);
    String member =
        switch (call.arguments().getFirst()) {
          case Expression.Member m -> m.name();
          case Expression.Name n -> n.name();
          default -> "";
        };
    boolean boot = member.contains("boot") || member.equals("load_time");
    Value now =
        new Value.Clock(call.span(), boot ? Value.Clock.Source.BOOT : Value.Clock.Source.MONOTONIC);
    Value elapsed =
        conversions.to(
            call.span(),
            Types.LONG,
            arithmetic.binary(call.span(), BinaryOperator.SUBTRACT, now, time));
    return new Operand.Scalar(elapsed, Optional.of(new Shown.Duration()));
  }

  /** The first that this kernel has. */
  private Operand either(Expression.Call call, List<Expression> arguments) {
    if (arguments.size() < 2) {
      throw Fault.at(call.span(), "either() takes two or more: the first that the kernel has");
    }
    List<String> reasons = new ArrayList<>();
    Span last = call.span();
    Optional<Fault> wrong = Optional.empty();
    for (Expression argument : arguments) {
      try {
        return expressions.operand(argument);
      } catch (Fault fault) {
        // A member can also have become an array, or a struct, where it was a number.
        wrong = wrong.isEmpty() && !fault.missing() ? Optional.of(fault) : wrong;
        reasons.add(fault.getMessage());
        last = fault.span();
      }
    }
    if (wrong.isPresent()) {
      throw wrong.get();
    }
    throw Fault.missing(last, "this kernel has none of these: " + String.join("; ", reasons));
  }
}
