// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.io.IOException;
import java.util.List;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;

/** A compiled object of {@code helpers} among the tests' resources. */
record HelperObject(String name) {
  /** What one of its programs writes on a kernel. */
  List<String> lines(Kernel kernel, String program) throws IOException {
    ObjectFile object =
        ObjectFile.read(
            Project.root().resolve("image/src/test/resources/helpers/" + name + ".bpf.o"));
    try (Dumper dumper = kernel.load(object.program(program));
        Dump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }
}
