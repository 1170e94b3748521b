// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

/** One relocation, understood so far as local BTF goes, to be put to candidates of the kernel. */
sealed interface Question permits FieldQuestion, TypeQuestion, EnumeratorQuestion {
  /** The answer of local BTF, which is what the instruction holds before it is patched. */
  Answer expected();

  /** The answer of a candidate; null when it does not match. */
  Answer ask(Types kernel, int candidate);

  /** The answer when no candidate matches; null when the instruction must not be reached then. */
  Answer missing();
}
