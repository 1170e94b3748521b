// SPDX-License-Identifier: Apache-2.0
/**
 * BTF, the kernel's type format: reading, building, writing and showing it as C.
 *
 * <pre>{@code
 * Btf btf = Btf.read(Path.of("/sys/kernel/btf/vmlinux"));
 * BtfType.Struct task = btf.find("task_struct", BtfType.Struct.class).orElseThrow();
 * for (BtfType.Member member : task.members()) {
 *   System.out.println(member.bitOffset() / 8 + " " + member.name());
 * }
 * }</pre>
 *
 * <p>A kernel's BTF has more than a hundred thousand types, of which one program needs a handful: a
 * {@link org.bpfdump.btf.Btf} keeps the bytes, indexes them, and decodes a type when it is asked
 * for. Types refer to each other by id, since their graph has cycles.
 */
package org.bpfdump.btf;
