// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;

/**
 * The descriptors of dumpers that processes have open, found in the kernel's own structures by a
 * dumper over {@code task/file}. It needs no link to ask: the link may be gone, its file removed,
 * the descriptor inherited or sent through a socket.
 *
 * <p>It sees the tables of descriptors of the processes in the caller's pid namespace and in those
 * below it. A descriptor that is in no table (on its way through a socket) is not found.
 *
 * @param dumpers ordered by process, thread and number; without the descriptor that this list was
 *     read from
 * @param receipt of the walk, which was complete
 */
public record OpenDumpers(List<OpenDumper> dumpers, Receipt receipt) {
  private static final String PROGRAM = "open_dumpers.bpf.o";

  public OpenDumpers {
    dumpers = List.copyOf(dumpers);
  }

  /**
   * Those of all processes. Processes may open and close others meanwhile.
   *
   * @throws org.bpfdump.error.SyscallException when this process may not load programs
   * @throws org.bpfdump.error.IncompleteException when not all could be read
   */
  public static OpenDumpers all(LiveKernel kernel) {
    try (LiveDumper dumper = kernel.load(program());
        LiveDump dump = dumper.open()) {
      byte[] records = dump.stream().readAllBytes();
      List<OpenDumper> found = new OpenDumperRecords(kernel.targets()).decode(records);
      return new OpenDumpers(found, dump.receipt().requireComplete());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a dump's stream throws none
    }
  }

  /**
   * Those of one process.
   *
   * @throws RequestException when there is no such process
   */
  public static OpenDumpers of(LiveKernel kernel, int pid) {
    // All are walked, and not by the parameter of the target: older kernels then take
    // threads with a table of their own for such without (see task_group_seq_get_next there).
    OpenDumpers all = all(kernel);
    List<OpenDumper> its = new ArrayList<>();
    for (OpenDumper dumper : all.dumpers) {
      if (dumper.pid() == pid) {
        its.add(dumper);
      }
    }
    if (its.isEmpty()) {
      requireProcess(pid);
    }
    return new OpenDumpers(its, all.receipt);
  }

  private static void requireProcess(int pid) {
    String key = "Tgid:";
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc", pid + "", "status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(key)) {
          String process = line.substring(key.length()).strip();
          if (!process.equals(pid + "")) {
            throw new RequestException(
                pid + " is a thread of process " + process + ": ask for " + process);
          }
          return;
        }
      }
    } catch (IOException e) {
      throw new RequestException("no process has id " + pid);
    }
  }

  private static ProgramSpec program() throws IOException {
    try (InputStream object = OpenDumpers.class.getResourceAsStream(PROGRAM)) {
      return ObjectFile.parse(PROGRAM, object.readAllBytes()).program();
    }
  }
}
