// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bpfdump.btf.Btf;

/**
 * The kernel's types that may be what a local type means: of its name, flavours aside, and of its
 * kind. The kernel proper is searched first, its modules only if it has none.
 */
final class Candidates {
  /** A type of the kernel or of one of its modules. */
  record Candidate(Types types, int id) {}

  private final Types local;
  private final Types kernel;
  private final Supplier<List<Btf>> moduleSource;
  private final Allowance allowance;

  /** By id of the local type. */
  private final Map<Integer, List<Candidate>> found = new HashMap<>();

  private List<Types> modules;

  Candidates(Types local, Types kernel, Supplier<List<Btf>> modules, Allowance allowance) {
    this.local = local;
    this.kernel = kernel;
    this.moduleSource = modules;
    this.allowance = allowance;
  }

  /** Candidates for a local type that has a name. */
  List<Candidate> of(int type) {
    List<Candidate> known = found.get(type);
    if (known == null) {
      known = search(type);
      found.put(type, known);
    }
    return known;
  }

  /**
   * Leaves only these for later relocations of the same local type: what has matched one field
   * rules out the namesakes that did not, as libbpf has it.
   */
  void narrow(int type, List<Candidate> matching) {
    found.put(type, matching);
  }

  private List<Candidate> search(int type) {
    String name = Btf.essentialName(local.name(type));
    int kind = local.kind(type);
    List<Candidate> candidates = new ArrayList<>(2);
    search(kernel, name, kind, candidates);
    if (candidates.isEmpty()) {
      for (Types module : modules()) {
        search(module, name, kind, candidates);
      }
    }
    return candidates;
  }

  private void search(Types in, String name, int kind, List<Candidate> candidates) {
    for (int id : in.btf().candidates(name)) {
      allowance.spend(1);
      if (TypeCompatibility.sameKind(kind, in.kind(id))) {
        candidates.add(new Candidate(in, id));
      }
    }
  }

  private List<Types> modules() {
    if (modules == null) {
      modules = new ArrayList<>();
      for (Btf module : moduleSource.get()) {
        modules.add(new Types(module, allowance));
      }
    }
    return modules;
  }
}
