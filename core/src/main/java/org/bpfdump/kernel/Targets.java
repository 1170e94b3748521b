// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.CDeclarations;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.Nearest;
import org.bpfdump.error.RequestException;

/**
 * Finds targets in BTF. A kernel registers a target {@code X} with a function {@code bpf_iter_X},
 * whose parameters are the program's arguments, and a struct {@code bpf_iter__X}, the context;
 * where both are, there is a target. Source: {@code DEFINE_BPF_ITER_FUNC} in {@code
 * include/linux/bpf.h}.
 */
public final class Targets {
  private Targets() {}

  /**
   * The targets that this BTF itself (not its base) has, ordered by name.
   *
   * @param module whose BTF it is; empty for the kernel itself
   * @param known names of targets of other BTF, under which these may nest
   */
  public static List<Target> in(Btf btf, String module, Set<String> known) {
    Map<String, Integer> functions = new HashMap<>();
    for (int id : btf.ofKind(Kind.FUNC, Target.FUNCTION_PREFIX)) {
      functions.putIfAbsent(btf.name(id).substring(Target.FUNCTION_PREFIX.length()), id);
    }
    List<String> names = new ArrayList<>();
    for (int id : btf.ofKind(Kind.STRUCT, Target.CONTEXT_PREFIX)) {
      String name = btf.name(id).substring(Target.CONTEXT_PREFIX.length());
      if (functions.containsKey(name)) {
        names.add(name);
      }
    }
    names.sort(null);
    Set<String> all = new HashSet<>(known);
    all.addAll(names);
    List<Target> targets = new ArrayList<>();
    for (String name : names) {
      targets.add(target(btf, name, functions.get(name), module, all));
    }
    return targets;
  }

  /** The target of a name or path among these. */
  public static Target named(List<Target> targets, String nameOrPath) {
    String name = name(nameOrPath);
    List<String> choices = new ArrayList<>();
    for (Target target : targets) {
      if (target.name().equals(name)) {
        return target;
      }
      choices.add(target.path());
    }
    throw new RequestException(
        "unknown target "
            + nameOrPath
            + Nearest.hint(nameOrPath, choices, ": this kernel has " + String.join(", ", choices)));
  }

  /** The name of a target given by name or by path. */
  public static String name(String nameOrPath) {
    return nameOrPath.replace('/', '_');
  }

  private static Target target(Btf btf, String name, int function, String module, Set<String> all) {
    String context = Target.CONTEXT_PREFIX + name;
    List<BtfType.Parameter> parameters = List.of();
    if (btf.type(function) instanceof BtfType.Func f
        && btf.resolved(f.type()) instanceof BtfType.FuncProto prototype) {
      parameters = prototype.parameters();
    }
    Set<Parameter.Kind> kinds = kinds(btf, parameters);
    CDeclarations c = new CDeclarations(btf);
    List<Target.Argument> arguments = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      BtfType.Parameter parameter = parameters.get(i);
      boolean pointer = btf.resolved(parameter.type()) instanceof BtfType.Ptr;
      // The kernel vouches for meta, and for the map that a dumper was given to walk.
      boolean given =
          i == 0 || (parameter.name().equals("map") && kinds.contains(Parameter.Kind.MAP));
      arguments.add(
          new Target.Argument(
              parameter.name(),
              c.declare(parameter.type(), ""),
              parameter.type(),
              8 * i,
              pointer && !given));
    }
    return new Target(
        name,
        path(name, all),
        context,
        arguments,
        kinds,
        c.declare(function, Target.FUNCTION_PREFIX + name),
        function,
        module);
  }

  /**
   * What a target can be narrowed by: each member of {@code union bpf_iter_link_info} that is named
   * like one of its arguments. A map that is the only thing a target gives is what it walks, not
   * where: it takes no map then.
   */
  private static Set<Parameter.Kind> kinds(Btf btf, List<BtfType.Parameter> arguments) {
    Set<Parameter.Kind> kinds = EnumSet.noneOf(Parameter.Kind.class);
    BtfType.Union info = btf.find("bpf_iter_link_info", BtfType.Union.class).orElse(null);
    if (info == null) {
      return kinds;
    }
    for (BtfType.Member member : info.members()) {
      for (int i = 1; i < arguments.size(); i++) {
        if (arguments.get(i).name().equals(member.name())) {
          switch (member.name()) {
            case "map" -> {
              if (arguments.size() > 2) {
                kinds.add(Parameter.Kind.MAP);
              }
            }
            case "cgroup" -> kinds.add(Parameter.Kind.CGROUP);
            case "task" -> kinds.add(Parameter.Kind.TASK);
            default -> {
              // A parameter newer than this: the target works without.
            }
          }
        }
      }
    }
    return kinds;
  }

  /** A target lies under the longest other target whose name begins its own up to a {@code _}. */
  private static String path(String name, Set<String> all) {
    for (int i = name.lastIndexOf('_'); i > 0; i = name.lastIndexOf('_', i - 1)) {
      String parent = name.substring(0, i);
      if (all.contains(parent)) {
        return path(parent, all) + "/" + name.substring(i + 1);
      }
    }
    return name;
  }
}
