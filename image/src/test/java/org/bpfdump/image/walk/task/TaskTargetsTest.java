// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks that begin at tasks give on an image what iterators gave on the kernel that it is of. */
class TaskTargetsTest {
  private static final Parameter ALL = new Parameter.None();

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void tasksAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    List<String> rows = walks.rows(walks.open("task", ALL), arguments -> task(walks, arguments[0]));
    assertThat(withoutRecorder(image, rows))
        .isEqualTo(withoutRecorder(image, Walks.truth(image, "task")))
        .hasSize(rows.size() - 1);
    assertThat(walks.notes()).isEmpty();
  }

  /** The process that wrote the ground truth opened another file between that and the image. */
  private static List<String> withoutRecorder(String image, List<String> rows) {
    String ids = (recorder(image) + " ").repeat(2);
    return rows.stream().filter(row -> !row.startsWith(ids) && !row.contains(" " + ids)).toList();
  }

  private static int recorder(String image) {
    return TestImages.truth(image).section("TASKS").stream()
        .filter(line -> line.endsWith(" gt"))
        .mapToInt(line -> Integer.parseInt(line.substring(0, line.indexOf(' '))))
        .findFirst()
        .orElseThrow();
  }

  private static String task(Walks walks, long task) {
    return "%x %d %d %s ppid=%d uid=%d fl=%x start=%d"
        .formatted(
            task,
            walks.get("task_struct", "tgid", task),
            walks.get("task_struct", "pid", task),
            walks.text("task_struct", "comm", task),
            walks.get("task_struct", "tgid", walks.get("task_struct", "real_parent", task)),
            walks.get("cred", "uid.val", walks.get("task_struct", "cred", task)),
            walks.get("task_struct", "flags", task),
            walks.get("task_struct", "start_time", task));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void filesAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    List<String> rows = walks.rows(walks.open("task_file", ALL), row -> file(walks, row));
    assertThat(withoutRecorder(image, rows))
        .isEqualTo(withoutRecorder(image, Walks.truth(image, "task_file")))
        .hasSize(rows.size() - 5);
    assertThat(walks.notes()).isEmpty();
  }

  private static String file(Walks walks, long[] arguments) {
    long task = arguments[0];
    long file = arguments[2];
    long inode = walks.get("file", "f_inode", file);
    return "%d %d %d %x ino=%d flags=%x mode=%x pos=%d"
        .formatted(
            walks.get("task_struct", "tgid", task),
            walks.get("task_struct", "pid", task),
            arguments[1],
            file,
            walks.get("inode", "i_ino", inode),
            walks.get("file", "f_flags", file),
            walks.get("inode", "i_mode", inode),
            walks.get("file", "f_pos", file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void memoryAreasAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    List<String> rows = walks.rows(walks.open("task_vma", ALL), row -> area(walks, row));
    assertThat(rows).isEqualTo(Walks.truth(image, "task_vma"));
    assertThat(walks.notes()).isEmpty();
  }

  private static String area(Walks walks, long[] arguments) {
    long area = arguments[1];
    return "%d %x-%x flags=%x pgoff=%x file=%x"
        .formatted(
            walks.get("task_struct", "pid", arguments[0]),
            walks.get("vm_area_struct", "vm_start", area),
            walks.get("vm_area_struct", "vm_end", area),
            walks.get("vm_area_struct", "vm_flags", area),
            walks.get("vm_area_struct", "vm_pgoff", area),
            walks.get("vm_area_struct", "vm_file", area));
  }
}
