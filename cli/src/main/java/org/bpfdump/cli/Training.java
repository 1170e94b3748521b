// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/**
 * What the ahead-of-time cache is made from: the commands that people run most, in one process. Not
 * for users.
 */
final class Training {
  private Training() {}

  /** The argument is an object file to run. */
  public static void main(String[] arguments) {
    Session session = Session.ofThisProcess();
    run(session, "run", arguments[0]);
    run(session, "dump", "task/file", "--limit", "1");
    for (String format : new String[] {"table", "json", "csv"}) {
      run(
          session,
          "dump",
          "task/file",
          "tgid",
          "task.comm, fd",
          "path(file.f_path)",
          "--where",
          "fd < 3 && task.mm != 0",
          "--format",
          format);
    }
  }

  /** One that fails, for want of privilege, has still loaded classes. */
  private static void run(Session session, String... arguments) {
    Main.run(arguments, session);
  }
}
