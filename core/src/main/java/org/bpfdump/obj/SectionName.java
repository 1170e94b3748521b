// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

/**
 * What the name of a section with code says of the programs in it.
 *
 * <p>An iterator's section is {@code iter/TARGET}, or {@code iter.s/TARGET} for a sleepable
 * program, or either without a target, which the caller then supplies. The RFC's {@code dump/PATH}
 * is an alias: PATH is the target's directory, from the file system's root ({@code dump/task/file})
 * or absolute ({@code dump//sys/kernel/bpfdump/task/file}: what follows the last component named
 * {@code bpfdump}); its slashes become underscores. A {@code ?} before all means: only when asked
 * for.
 *
 * @param name without the {@code ?}
 * @param kind what it is for
 * @param target BTF name of the target; empty when the section does not say
 */
record SectionName(String name, Kind kind, String target, boolean autoload) {
  /** What a section with code is for. */
  enum Kind {
    ITERATOR,
    SLEEPABLE_ITERATOR,
    /** Functions that programs call. */
    TEXT,
    /** An iterator's section whose target cannot be understood. */
    BROKEN,
    /** Programs of another type. */
    OTHER
  }

  static SectionName parse(String section) {
    boolean autoload = !section.startsWith("?");
    String name = autoload ? section : section.substring(1);
    if (name.equals(".text")) {
      return new SectionName(name, Kind.TEXT, "", autoload);
    }
    if (name.startsWith("dump/")) {
      String target = targetOfPath(name.substring("dump/".length()));
      Kind kind = isTarget(target) ? Kind.ITERATOR : Kind.BROKEN;
      return new SectionName(name, kind, target, autoload);
    }
    int slash = name.indexOf('/');
    String prefix = slash < 0 ? name : name.substring(0, slash);
    Kind kind =
        switch (prefix) {
          case "iter" -> Kind.ITERATOR;
          case "iter.s" -> Kind.SLEEPABLE_ITERATOR;
          default -> Kind.OTHER;
        };
    String target = slash < 0 || kind == Kind.OTHER ? "" : name.substring(slash + 1);
    if (kind != Kind.OTHER && slash >= 0 && !isTarget(target)) {
      kind = Kind.BROKEN;
    }
    return new SectionName(name, kind, target, autoload);
  }

  private static String targetOfPath(String path) {
    String relative = path;
    if (path.startsWith("/")) {
      int mount = (path + "/").lastIndexOf("/bpfdump/");
      relative = mount < 0 ? "" : (path + "/").substring(mount + "/bpfdump/".length());
    }
    StringBuilder target = new StringBuilder();
    for (int i = 0; i < relative.length(); i++) {
      char c = relative.charAt(i);
      if (c != '/') {
        target.append(c);
      } else if (!target.isEmpty() && target.charAt(target.length() - 1) != '/') {
        target.append('/');
      }
    }
    int length = target.length();
    if (length > 0 && target.charAt(length - 1) == '/') {
      target.setLength(length - 1);
    }
    return target.toString().replace('/', '_');
  }

  private static boolean isTarget(String target) {
    if (target.isEmpty()) {
      return false;
    }
    for (int i = 0; i < target.length(); i++) {
      if (!Elf.isWord(target.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  boolean iterator() {
    return kind == Kind.ITERATOR || kind == Kind.SLEEPABLE_ITERATOR;
  }
}
