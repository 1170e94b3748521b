// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.row.RowReader;

/** Runs a plan on a kernel: loads, dumps, reads all rows. */
final class Run {
  private Run() {}

  /** A cell is a Long, a String, a byte[] or null. */
  static List<List<Object>> rows(Kernel kernel, Plan plan) {
    return rows(kernel, plan, new Parameter.None());
  }

  static List<List<Object>> rows(Kernel kernel, Plan plan, Parameter parameter) {
    Compiled compiled = Generator.compile(plan, kernel.btf());
    try (Dumper dumper = load(kernel, compiled, parameter);
        Dump dump = dumper.open()) {
      RowReader reader =
          new RowReader(dump::read, plan.columns(), compiled.layout(), kernel.btf().order());
      List<List<Object>> rows = new ArrayList<>();
      while (reader.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
          row.add(cell(reader, plan.columns().get(i), i));
        }
        rows.add(row);
      }
      assertThat(reader.finished()).as("the walk reached its end").isTrue();
      dump.receipt().requireComplete();
      return rows;
    }
  }

  static Dumper load(Kernel kernel, Compiled compiled, Parameter parameter) {
    try {
      return kernel.load(compiled.spec(), parameter);
    } catch (VerifierException e) {
      throw new AssertionError(e.getMessage() + "\n" + e.log(), e);
    }
  }

  private static Object cell(RowReader row, Column column, int i) {
    if (row.isNull(i)) {
      return null;
    }
    if (column.cell() instanceof Cell.Scalar) {
      return row.number(i);
    }
    ByteBuffer buffer = row.bytes(i);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return column.cell() instanceof Cell.Characters
        ? new String(bytes, StandardCharsets.UTF_8)
        : bytes;
  }

  /** All that a program writes. */
  static byte[] bytes(Dumper dumper) {
    try (Dump dump = dumper.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(1 << 20);
      long size = 0;
      for (long n = dump.read(into); n > 0; n = dump.read(into.asSlice(size))) {
        size += n;
      }
      return into.asSlice(0, size).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
  }
}
