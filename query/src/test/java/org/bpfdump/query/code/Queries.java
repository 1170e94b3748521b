// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.List;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.syntax.Parser;

/** Plans from text. */
final class Queries {
  private Queries() {}

  /** {@code task: tgid, comm where tgid == pid}. */
  static Plan plan(Kernel kernel, String text) {
    return plan(kernel, text, false);
  }

  /** Without the usual reading of types when {@code raw}. */
  static Plan plan(Kernel kernel, String text, boolean raw) {
    var query = Parser.query(text);
    return new Checker(kernel.btf(), kernel.target(query.target()), raw).check(query);
  }

  /** The rows of a query on the running kernel. */
  static List<List<Object>> rows(Kernel kernel, String text) {
    return Run.rows(kernel, plan(kernel, text));
  }
}
