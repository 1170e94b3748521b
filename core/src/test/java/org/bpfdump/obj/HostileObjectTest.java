// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.api.Test;

/** Objects that no compiler made: a documented exception of one line, soon, and little memory. */
class HostileObjectTest {
  private final Disassembler disassembler = new Disassembler();
  private int opened;

  @Test
  void spoiledObjectsAreReadOrRefused() throws IOException {
    List<byte[]> good = new ArrayList<>();
    for (Path file : Objects.all()) {
      good.add(Files.readAllBytes(file));
    }
    HostileInput.spoil(good, this::readAll);
    // Were all refused at once, nothing but the first check would have been tried.
    assertThat(opened).isGreaterThan(HostileInput.count() / 4);
  }

  private void readAll(byte[] bytes) {
    ObjectFile object;
    try {
      object = ObjectFile.parse("spoiled.o", bytes);
    } catch (BpfdumpException e) {
      check(e);
      return;
    }
    opened++;
    attempt(object::program);
    attempt(object::maps);
    attempt(() -> object.btf().ifPresent(HostileObjectTest::readAll));
    for (ObjectFile.Entry entry : object.programs()) {
      attempt(() -> disassembler.show(object.program(entry.name()).code()));
    }
  }

  private static void readAll(Btf btf) {
    for (int id = 1; id < btf.size(); id++) {
      btf.type(id);
    }
  }

  private static void attempt(Runnable what) {
    try {
      what.run();
    } catch (BpfdumpException e) {
      check(e);
    }
  }

  private static void check(BpfdumpException e) {
    assertThat(e)
        .isInstanceOfAny(
            MalformedException.class,
            UnsupportedException.class,
            RequestException.class,
            RelocationException.class);
    assertThat(e.getMessage()).hasSizeBetween(10, 2000).doesNotContain("\n");
  }
}
