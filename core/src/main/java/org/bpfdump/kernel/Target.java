// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.List;
import java.util.Set;
import org.bpfdump.error.RequestException;

/**
 * A data structure of a kernel that can be walked.
 *
 * @param name its BTF name, {@code task_file}
 * @param path its place in a tree of targets, {@code task/file}
 * @param context name of the struct that a program gets, {@code bpf_iter__task_file}
 * @param arguments members of that struct, in order, {@code meta} first
 * @param parameters what it can be narrowed by
 * @param prototype the C prototype of its function, {@code int bpf_iter_task_file(...)}
 * @param function BTF id of that function
 * @param module kernel module that brings it; empty for the kernel itself
 */
public record Target(
    String name,
    String path,
    String context,
    List<Argument> arguments,
    Set<Parameter.Kind> parameters,
    String prototype,
    int function,
    String module) {

  /** What the names of target functions start with. */
  public static final String FUNCTION_PREFIX = "bpf_iter_";

  /** What the names of context structs start with. */
  public static final String CONTEXT_PREFIX = "bpf_iter__";

  public Target {
    arguments = List.copyOf(arguments);
    parameters = Set.copyOf(parameters);
  }

  /**
   * Refuses a parameter of a kind that this target does not take.
   *
   * @throws RequestException when it is one
   */
  public void requireTaken(Parameter parameter) {
    Parameter.Kind kind = parameter.kind().orElse(null);
    if (kind == null || parameters.contains(kind)) {
      return;
    }
    StringBuilder words = new StringBuilder();
    for (Parameter.Kind taken : parameters) {
      words.append(words.isEmpty() ? "a " : ", a ").append(taken.word());
    }
    throw new RequestException(
        "target "
            + path
            + " takes no "
            + kind.word()
            + ": it takes "
            + (parameters.isEmpty() ? "no parameter" : words));
  }

  /**
   * One argument of a target's programs.
   *
   * @param name its name in the context struct
   * @param type its C type
   * @param typeId BTF id of that type
   * @param offset where it is in the context, in bytes: 8 times its index
   * @param nullable whether a program must check it for NULL before it follows it
   */
  public record Argument(String name, String type, int typeId, int offset, boolean nullable) {}
}
