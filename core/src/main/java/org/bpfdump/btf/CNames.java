// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives the types of one header names that do not clash: several types of a kernel may have one
 * name, since each C file has its own. The second becomes {@code name___2}, which CO-RE takes for
 * the same name.
 */
final class CNames {
  /** Names of structs, unions and enums, by the type that has it; 0 when only declared. */
  private final Map<String, Integer> tags = new HashMap<>();

  /** For each name of {@link #tags}, which of the three it is. */
  private final Map<String, String> tagKinds = new HashMap<>();

  private final Set<String> identifiers = new HashSet<>();

  /** Where to go on looking for a name that is free: a million types may have the same. */
  private final Map<String, Integer> tried = new HashMap<>();

  private final Map<Integer, String> given = new HashMap<>();

  /** {@code name} with what C does not take in an identifier made underscores. Spaces stay. */
  static String identifier(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (!allowed(name.charAt(i), i)) {
        StringBuilder changed = new StringBuilder(name.length());
        for (int j = 0; j < name.length(); j++) {
          changed.append(allowed(name.charAt(j), j) ? name.charAt(j) : '_');
        }
        return changed.toString();
      }
    }
    return name;
  }

  private static boolean allowed(char c, int at) {
    // Names of integer types have spaces: "long unsigned int".
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '_'
        || (at > 0 && ((c >= '0' && c <= '9') || c == ' '));
  }

  /** The name of a struct, union or enum, defined or (as {@code Fwd}) only declared. */
  String tag(int id, BtfType type) {
    String known = given.get(id);
    if (known != null) {
      return known;
    }
    String name = identifier(type.name());
    String kind = CDeclarator.tag(type);
    boolean declared = type instanceof BtfType.Fwd;
    String search = (declared ? "?" : "") + kind + name;
    for (int i = tried.getOrDefault(search, 1); ; i++) {
      String candidate = i == 1 ? name : name + "___" + i;
      String holder = tagKinds.get(candidate);
      boolean free = holder == null;
      boolean same = !free && holder.equals(kind) && (declared || tags.get(candidate) == 0);
      if (free || same) {
        tagKinds.put(candidate, kind);
        if (!declared || free) {
          tags.put(candidate, declared ? 0 : id);
        }
        tried.put(search, i);
        given.put(id, candidate);
        return candidate;
      }
    }
  }

  /** The name of a typedef. */
  String typedef(int id, BtfType type) {
    String known = given.get(id);
    if (known == null) {
      // Compilers have "__builtin_va_list", which each target lays out differently.
      String name = type.name();
      known = constant(name.startsWith("__builtin_") ? "_" + name : name);
      given.put(id, known);
    }
    return known;
  }

  /** A name for a constant of this name. */
  String constant(String wanted) {
    String name = identifier(wanted);
    String candidate = name;
    if (!identifiers.add(candidate)) {
      int i = tried.getOrDefault(name, 2);
      do {
        candidate = name + "___" + i++;
      } while (!identifiers.add(candidate));
      tried.put(name, i);
    }
    return candidate;
  }
}
