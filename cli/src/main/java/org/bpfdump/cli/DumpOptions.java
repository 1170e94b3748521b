// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

/**
 * How rows are to be put out.
 *
 * @param header whether there is a line that names the columns, in formats that have one
 * @param limit rows after which it is enough
 * @param receipt whether to say what was read
 */
record DumpOptions(DumpFormat format, boolean header, long limit, boolean receipt) {
  static DumpOptions of(Arguments arguments) {
    DumpFormat format = DumpFormat.of(arguments);
    if (format == DumpFormat.RAW && arguments.has("--all-netns")) {
      throw arguments.wrong(
          "--format raw and --all-netns exclude each other: the bytes do not say of which they are");
    }
    if (format == DumpFormat.RAW && arguments.has("--watch")) {
      throw arguments.wrong("--format raw and --watch exclude each other");
    }
    if (arguments.has("--explain") && arguments.has("--watch")) {
      throw arguments.wrong("--explain and --watch exclude each other");
    }
    return new DumpOptions(
        format,
        !arguments.has("--no-header"),
        arguments.has("--limit")
            ? ParameterOptions.number(arguments, "--limit", 0)
            : Long.MAX_VALUE,
        arguments.has("--receipt"));
  }
}
