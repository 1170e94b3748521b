// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.KernelBtf;

/** Checks expressions against a kernel's BTF. */
final class Checking {
  private static final Map<String, Btf> KERNELS = new ConcurrentHashMap<>();

  final Btf btf;
  final Target target;
  final Form form;
  private final boolean raw;

  private Checking(Btf btf, String target, boolean raw) {
    this.btf = btf;
    this.target = Targets.named(Targets.in(btf, "", Set.of()), target);
    this.form = new Form(btf);
    this.raw = raw;
  }

  static Btf kernel(String name) {
    return KERNELS.computeIfAbsent(name, n -> Btf.parse(KernelBtf.bytes(n)));
  }

  static Checking of(String kernel, String target) {
    return new Checking(kernel(kernel), target, false);
  }

  static Checking raw(String kernel, String target) {
    return new Checking(kernel(kernel), target, true);
  }

  Cell cell(String text) {
    QueryText.Column column =
        new QueryText.Column(text, new QueryText.Source(text, Parser.expression(text)));
    return new Checker(btf, target, raw).column(column).cell();
  }

  Value condition(String text) {
    return new Checker(btf, target, raw)
        .condition(new QueryText.Source(text, Parser.expression(text)));
  }

  /** A column in a few characters. */
  String column(String text) {
    return form.of(cell(text));
  }

  /** A condition in a few characters. */
  String where(String text) {
    return form.of(condition(text));
  }

  /** The names of a struct's members. */
  List<String> names(String struct) {
    return new Members(new Types(btf)).names(btf.findId(struct, BtfType.Struct.class));
  }

  /** Offset of a member, for writing down what is expected. */
  long offset(String struct, String... path) {
    Types types = new Types(btf);
    int at = btf.findId(struct, BtfType.Struct.class);
    long offset = 0;
    for (String name : path) {
      Members.Found found = new Members(types).find(at, name);
      offset += found.bit() / 8;
      at = found.type();
    }
    return offset;
  }
}
