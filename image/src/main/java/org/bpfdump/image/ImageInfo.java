// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an image says of itself and of the machine that it is of.
 *
 * @param format of the file, {@code ELF core} or {@code kdump-compressed, zlib}
 * @param release of the kernel, as {@code uname -r} prints it
 * @param version of the kernel, as {@code uname -v} prints it; empty when the image does not say
 * @param machine architecture, {@code x86_64}
 * @param hostname the machine's name; empty when the image does not say
 * @param cpus how many were online
 * @param memory bytes of memory that the machine had
 * @param pages pages of 4096 bytes that the file has
 * @param absent pages that the machine had and the file does not
 * @param uptime how long it had been running; empty when the image does not say
 * @param time when the image was made, by the machine's own clock; empty when it does not say
 * @param panic message of the panic; empty when the kernel did not
 * @param task who was running on the CPU that panicked; empty when none did
 * @param missing what programs will not find, in words: no symbols, no types of modules
 */
public record ImageInfo(
    String format,
    String release,
    String version,
    String machine,
    String hostname,
    int cpus,
    long memory,
    long pages,
    long absent,
    Optional<Duration> uptime,
    Optional<Instant> time,
    Optional<String> panic,
    Optional<PanickedTask> task,
    List<String> missing) {

  public ImageInfo {
    missing = List.copyOf(missing);
  }

  /**
   * Who was running when the kernel panicked.
   *
   * @param pid its id, in the first pid namespace
   * @param name its name, {@code comm}
   * @param cpu where
   */
  public record PanickedTask(int pid, String name, int cpu) {}
}
