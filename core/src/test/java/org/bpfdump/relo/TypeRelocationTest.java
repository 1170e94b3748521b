// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_EXISTS;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_ID_LOCAL;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_ID_TARGET;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_MATCHES;
import static org.bpfdump.relo.CoreRelocation.Kind.TYPE_SIZE;
import static org.bpfdump.relo.Graph.member;
import static org.bpfdump.relo.Graph.value;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;
import org.junit.jupiter.api.Test;

class TypeRelocationTest {
  private final Pair pair = new Pair();
  private final Graph local = pair.local;
  private final Graph kernel = pair.kernel;

  @Test
  void idsAndSizes() {
    int type = local.struct("s___x", 4, member("a", local.intType, 0));
    kernel.integer("filler", 4, false);
    int theirs = kernel.struct("s", 24);
    assertThat(pair.load(TYPE_ID_LOCAL, type, "0", 4711)).isEqualTo(type);
    assertThat(pair.load(TYPE_ID_TARGET, type, "0", 4711)).isEqualTo(theirs);
    assertThat(pair.load(TYPE_EXISTS, type, "0", 1)).isEqualTo(1);
    assertThat(pair.load(TYPE_SIZE, type, "0", 4)).isEqualTo(24);
  }

  @Test
  void aMissingTypeIsZero() {
    int type = local.struct("nowhere", 4);
    assertThat(pair.load(TYPE_ID_TARGET, type, "0", 7)).isZero();
    assertThat(pair.load(TYPE_EXISTS, type, "0", 1)).isZero();
    assertThat(pair.load(TYPE_SIZE, type, "0", 4)).isZero();
    assertThat(pair.load(TYPE_MATCHES, type, "0", 1)).isZero();
    assertThat(pair.load(TYPE_ID_LOCAL, type, "0", 0)).isEqualTo(type);
  }

  @Test
  void anAnonymousTypeHasALocalIdOnly() {
    int type = local.struct("", 4);
    assertThat(pair.load(TYPE_ID_LOCAL, type, "0", 0)).isEqualTo(type);
    assertThatThrownBy(() -> pair.load(TYPE_EXISTS, type, "0", 1))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("without a name");
  }

  @Test
  void theAccessStringOfATypeIsZero() {
    int type = local.struct("s", 4);
    for (String access : new String[] {"0:0", "1", "", "00"}) {
      assertThatThrownBy(() -> pair.load(TYPE_EXISTS, type, access, 1))
          .isInstanceOf(RelocationException.class);
    }
  }

  @Test
  void aSizeIsAskedOfWhatHasOne() {
    int type = local.add(new BtfType.Fwd("s", false));
    kernel.add(new BtfType.Fwd("s", false));
    assertThatThrownBy(() -> pair.load(TYPE_SIZE, type, "0", 0))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("TYPE_SIZE of struct s")
        .hasMessageContaining("no size");
  }

  /** Typedefs of one name, of everything on each side: which exist, which match. */
  @Test
  void existsComparesKindsAndMatchesComparesContents() {
    int ourStruct = local.struct("in", 8, member("a", local.intType, 0));
    int theirStruct =
        kernel.struct("in", 16, member("z", kernel.intType, 0), member("a", kernel.intType, 32));
    int otherStruct = kernel.struct("other", 8, member("a", kernel.intType, 0));
    int theirForward = kernel.add(new BtfType.Fwd("in", false));
    int ourForward = local.add(new BtfType.Fwd("in", false));

    check("int", local.intType, kernel.intType, true, true);
    check("sign", local.intType, kernel.uintType, true, false);
    check("width", local.ulongType, kernel.uintType, true, false);
    check("struct", ourStruct, theirStruct, true, true);
    check("struct_renamed", ourStruct, otherStruct, true, false);
    check(
        "struct_union",
        ourStruct,
        kernel.union("in", 8, member("a", kernel.intType, 0)),
        false,
        false);
    check("struct_fwd", ourStruct, theirForward, false, false);
    check("struct_int", ourStruct, kernel.intType, false, false);
    check("fwd", ourForward, theirForward, true, true);
    check("fwd_union", ourForward, kernel.add(new BtfType.Fwd("in", true)), true, false);
    check("pointer", local.pointer(local.intType), kernel.pointer(kernel.intType), true, true);
    check("pointer_to", local.pointer(local.intType), kernel.pointer(theirStruct), false, false);
    check("pointer_void", local.pointer(0), kernel.pointer(0), true, true);
    check("pointer_fwd", local.pointer(ourStruct), kernel.pointer(theirForward), false, true);
    check("pointer_from_fwd", local.pointer(ourForward), kernel.pointer(theirStruct), false, true);
    check(
        "pointer_empty",
        local.pointer(ourStruct),
        kernel.pointer(kernel.struct("in", 0)),
        true,
        true);
    check("array", local.array(local.intType, 3), kernel.array(kernel.intType, 3), true, true);
    check(
        "array_count", local.array(local.intType, 3), kernel.array(kernel.intType, 4), true, false);
    check("array_of", local.array(local.intType, 3), kernel.array(theirStruct, 3), false, false);
    check(
        "const",
        local.add(new BtfType.Const(local.intType)),
        kernel.add(new BtfType.Volatile(kernel.intType)),
        true,
        true);
    check(
        "proto",
        local.prototype(local.intType, local.pointer(ourStruct), local.intType),
        kernel.prototype(kernel.intType, kernel.pointer(theirStruct), kernel.intType),
        true,
        true);
    check(
        "proto_arity",
        local.prototype(local.intType, local.intType),
        kernel.prototype(kernel.intType, kernel.intType, kernel.intType),
        false,
        false);
    check(
        "proto_argument",
        local.prototype(local.intType, local.intType),
        kernel.prototype(kernel.intType, theirStruct),
        false,
        false);
    check(
        "proto_return",
        local.prototype(0, local.intType),
        kernel.prototype(kernel.intType, kernel.intType),
        false,
        false);
    check(
        "enum",
        local.enumeration("e", false, value("B___x", 7)),
        kernel.enumeration("e", true, value("A", 0), value("B", 1)),
        true,
        true);
    check(
        "enum_less",
        local.enumeration("e", false, value("A", 0), value("B", 1)),
        kernel.enumeration("e", false, value("A", 0)),
        true,
        false);
    check(
        "enum_other",
        local.enumeration("e", false, value("A", 0)),
        kernel.enumeration("e", false, value("B", 0)),
        true,
        false);
    check(
        "enum_width",
        local.enumeration("e", false, value("A", 0)),
        kernel.enumeration64("e", false, value("A", 0)),
        true,
        false);
    check(
        "float",
        local.add(new BtfType.Float("double", 8)),
        kernel.add(new BtfType.Float("double", 8)),
        false,
        false);
    runChecks();
  }

  @Test
  void aMemberThatIsMissingOrOfAnotherTypeDoesNotMatch() {
    int[] ours = {
      local.struct("less", 4, member("a", local.intType, 0)),
      local.struct("more", 8, member("a", local.intType, 0), member("b", local.intType, 32)),
      local.struct("retyped", 4, member("a", local.intType, 0)),
      local.struct("inside", 4, member("", local.struct("", 4, member("a", local.intType, 0)), 0))
    };
    kernel.struct("less", 8, member("b", kernel.intType, 0), member("a", kernel.intType, 32));
    kernel.struct("more", 4, member("a", kernel.intType, 0));
    kernel.struct("retyped", 8, member("a", kernel.longType, 0));
    int one = kernel.struct("", 4, member("z", kernel.intType, 0));
    int two = kernel.struct("", 4, member("a", kernel.intType, 0));
    kernel.struct("inside", 8, member("", one, 0), member("", two, 32));
    long[] matches = {1, 0, 0, 1};
    for (int i = 0; i < ours.length; i++) {
      assertThat(pair.load(TYPE_MATCHES, ours[i], "0", 1)).as("%d", i).isEqualTo(matches[i]);
    }
  }

  private record Check(String name, int type, boolean exists, boolean matches) {}

  private final List<Check> checks = new ArrayList<>();

  private void check(String name, int ours, int theirs, boolean exists, boolean matches) {
    String typedef = name + "_t";
    kernel.typedef(typedef, theirs);
    checks.add(new Check(name, local.typedef(typedef, ours), exists, matches));
  }

  private void runChecks() {
    for (Check check : checks) {
      assertThat(pair.load(TYPE_EXISTS, check.type(), "0", 1))
          .as("%s exists", check.name())
          .isEqualTo(check.exists() ? 1 : 0);
      assertThat(pair.load(TYPE_MATCHES, check.type(), "0", 1))
          .as("%s matches", check.name())
          .isEqualTo(check.matches() ? 1 : 0);
    }
  }
}
