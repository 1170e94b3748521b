// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import org.bpfdump.error.MalformedException;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;
import org.junit.jupiter.api.Test;

class BtfExtTest {
  private static final String SECTION = ".BTF.ext";

  /** Where in its 64 bytes a section header says where the section is. */
  private static final int OFFSET = 24;

  private static final int SIZE = 32;

  private static byte[] object() throws IOException {
    return Files.readAllBytes(Objects.file("prog_chain", 14));
  }

  /** Puts other contents of the section behind the object, and lets its header lead there. */
  private static byte[] with(byte[] object, byte[] contents) {
    int header = header(object);
    byte[] longer = Arrays.copyOf(object, object.length + contents.length);
    System.arraycopy(contents, 0, longer, object.length, contents.length);
    ByteBuffer.wrap(longer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header + OFFSET, object.length)
        .putLong(header + SIZE, contents.length);
    return longer;
  }

  private static int header(byte[] object) {
    ByteBuffer bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    return (int) bytes.getLong(40) + 64 * new Elf("x.o", object).section(SECTION).index();
  }

  private static byte[] contents(byte[] object) {
    Elf elf = new Elf("x.o", object);
    return elf.copy(elf.section(SECTION));
  }

  private static ByteBuffer numbers(byte[] contents) {
    return ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The section with each record longer, as a future compiler may write it. */
  private static byte[] longerRecords(ByteBuffer old, int more) {
    ByteBuffer made = ByteBuffer.allocate(old.capacity() * 4).order(ByteOrder.LITTLE_ENDIAN);
    int header = old.getInt(4);
    made.put(0, old, 0, header);
    int end = header;
    for (int field = 8; field < 32; field += 8) {
      int at = header + old.getInt(field);
      int stop = at + old.getInt(field + 4);
      int start = end;
      int size = old.getInt(at);
      made.putInt(end, size + more);
      at += 4;
      end += 4;
      while (at < stop) {
        int count = old.getInt(at + 4);
        made.put(end, old, at, 8);
        at += 8;
        end += 8;
        for (int i = 0; i < count; i++, at += size) {
          made.put(end, old, at, size);
          made.putInt(end + size, -1);
          end += size + more;
        }
      }
      made.putInt(field, start - header).putInt(field + 4, end - start);
    }
    return Arrays.copyOf(made.array(), end);
  }

  @Test
  void recordsLongerThanKnownSayTheSame() throws IOException {
    byte[] object = object();
    ProgramSpec before = ObjectFile.parse("x.o", object).program("one");
    byte[] longer = with(object, longerRecords(numbers(contents(object)), 8));
    ProgramSpec after = ObjectFile.parse("x.o", longer).program("one");
    assertThat(after.functions()).isEqualTo(before.functions()).isNotEmpty();
    assertThat(after.lines()).isEqualTo(before.lines()).isNotEmpty();
    assertThat(after.relocations()).isEqualTo(before.relocations()).isNotEmpty();
  }

  @Test
  void anOlderSectionHasNoRelocations() throws IOException {
    byte[] object = object();
    byte[] old = contents(object);
    numbers(old).putInt(4, 24);
    // A header of 24 bytes: offsets count from its end, which is 8 bytes earlier now.
    ByteArrayOutputStream shorter = new ByteArrayOutputStream();
    shorter.write(old, 0, 24);
    shorter.write(old, 32, old.length - 32);
    ProgramSpec program =
        ObjectFile.parse("x.o", with(object, shorter.toByteArray())).program("one");
    assertThat(program.functions()).isNotEmpty();
    assertThat(program.relocations()).noneMatch(Relocation.Core.class::isInstance);
  }

  @Test
  void recordsThatEndBehindTheSectionAreRefused() throws IOException {
    byte[] object = object();
    byte[] contents = contents(object);
    ByteBuffer numbers = numbers(contents);
    int firstCount = numbers.getInt(4) + numbers.getInt(8) + 8;
    numbers.putInt(firstCount, Integer.MAX_VALUE);
    ObjectFile spoiled = ObjectFile.parse("x.o", with(object, contents));
    assertThatThrownBy(() -> spoiled.program("one"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("broken .BTF.ext");
  }

  @Test
  void typesWithoutWhichRecordsMeanNothingMustBeThere() throws IOException {
    byte[] object = object();
    Elf elf = new Elf("x.o", object);
    ByteBuffer bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong((int) bytes.getLong(40) + 64 * elf.section(".BTF").index() + SIZE, 0);
    assertThatThrownBy(() -> ObjectFile.parse("x.o", object).program("one"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("lost its BTF");
  }
}
