// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.vm.Helper;

/** The kernel's helpers by number. Source: include/uapi/linux/bpf.h. */
public final class Helpers {
  /** What a message about a function ends with that could have an answer. */
  static final String NOT_YET = ", which bpfdump does not have for images yet";

  private static final String PREFIX = "BPF_FUNC_";

  private Helpers() {}

  /**
   * A helper that a program calls.
   *
   * @param btf the kernel's, which knows the helpers' names
   * @param program its name, for the message
   * @throws UnsupportedException when an image has no answer, or not yet, or when it is none
   */
  public static Helper require(int id, Btf btf, String program) {
    return find(id)
        .orElseThrow(() ->
            new UnsupportedException(
                "program " + program + " calls " + name(id, btf) + why(id, btf)));
  }

  private static String why(int id, Btf btf) {
    if (enumerator(id, btf).isEmpty()) {
      return ", which this kernel does not have";
    }
    return Meaningless.isHelper(id) ? Meaningless.MESSAGE : NOT_YET;
  }

  /** The name of a helper, as kernels have it: {@code bpf_seq_write}. */
  public static String name(int id, Btf btf) {
    return enumerator(id, btf).orElse("helper " + id);
  }

  private static Optional<String> enumerator(int id, Btf btf) {
    int type = btf.findId("bpf_func_id", BtfType.Enum.class);
    if (type != 0 && btf.type(type) instanceof BtfType.Enum names) {
      for (BtfType.Enumerator value : names.values()) {
        if (value.value() == id && value.name().startsWith(PREFIX)) {
          return Optional.of("bpf_" + value.name().substring(PREFIX.length()));
        }
      }
    }
    return Optional.empty();
  }

  /** A helper; none where an image has no answer. */
  public static Optional<Helper> find(int id) {
    return Optional.ofNullable(
        switch (id) {
          case 1 -> MapHelpers::lookup;
          case 2 -> MapHelpers::update;
          case 3 -> MapHelpers::delete;
          case 4 -> Probes::read;
          case 5 -> Clock::monotonic;
          case 6 -> Output::tracePrintk;
          case 7 -> Current::random;
          case 8, 42, 174 -> Current::none;
          case 12 -> MapHelpers::tailCall;
          case 14, 15 -> Current::refused;
          case 16 -> Current::comm;
          case 35, 158, 80, 123 -> Current::none;
          case 45 -> Probes::readString;
          case 46 -> Sockets::cookie;
          case 87 -> MapHelpers::push;
          case 88 -> MapHelpers::pop;
          case 89 -> MapHelpers::peek;
          case 93, 94 -> Current::none;
          case 105 -> Numbers::signed;
          case 106 -> Numbers::unsigned;
          case 107, 145, 156, 210 -> Storages::get;
          case 108, 146, 157, 211 -> Storages::delete;
          case 112 -> Probes::readUser;
          case 113 -> Probes::readKernel;
          case 114 -> Probes::readUserString;
          case 115 -> Probes::readKernelString;
          case 118 -> Clock::jiffies;
          case 120 -> Current::namespaced;
          case 125 -> Clock::boot;
          case 126 -> Output::seqPrintf;
          case 127 -> Output::seqWrite;
          case 130 -> Rings::output;
          case 131 -> Rings::reserve;
          case 132, 133 -> Rings::release;
          case 134 -> Rings::query;
          case 136 -> Sockets::tcp6;
          case 137 -> Sockets::tcp;
          case 138 -> Sockets::timewait;
          case 139 -> Sockets::request;
          case 140 -> Sockets::udp6;
          case 147 -> Paths::path;
          case 148 -> Current::copyFromUser;
          case 149 -> Objects::snprintf;
          case 150 -> Objects::seqPrintf;
          case 153 -> Current::perCpu;
          case 154 -> Current::thisCpu;
          case 160 -> Clock::monotonic;
          case 162 -> Sockets::fromFile;
          case 164 -> MapHelpers::forEach;
          case 165 -> Output::snprintf;
          case 175 -> Current::registers;
          case 177 -> Output::traceVprintk;
          case 178 -> Sockets::unix;
          case 180 -> TaskFunctions::findArea;
          case 181 -> Numbers::loop;
          case 182 -> Numbers::compare;
          case 191 -> Current::copyFromTask;
          case 194 -> Allocations::exchange;
          case 195 -> MapHelpers::lookupPerCpu;
          case 196 -> Sockets::mptcp;
          case 197 -> Dynptrs::fromMemory;
          case 198 -> Rings::reserveSized;
          case 199, 200 -> Rings::releaseSized;
          case 201 -> Dynptrs::read;
          case 202 -> Dynptrs::write;
          case 203 -> Dynptrs::part;
          case 208 -> Clock::tai;
          default -> null;
        });
  }
}
