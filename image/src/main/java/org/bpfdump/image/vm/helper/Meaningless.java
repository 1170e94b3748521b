// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.List;
import java.util.Set;

/**
 * Functions of the kernel that act on a machine that runs: they send, change, wait, or work on what
 * is passing by, of which nothing is left when it has stopped. Others that an image has no answer
 * to are only not there yet.
 */
final class Meaningless {
  /** What a message about one of them ends with. */
  static final String MESSAGE = ", which has no meaning on a dead kernel";

  /** Of the helpers, those that could have an answer: {@code bpf_get_task_stack}. */
  private static final Set<Integer> NOT_YET = Set.of(141);

  private static final List<String> FUNCTIONS =
      List.of(
          // Later, or on other CPUs.
          "bpf_wq_",
          "bpf_timer_",
          "bpf_task_work_",
          "bpf_send_signal_",
          "bpf_stream_",
          "bpf_io_uring_",
          "crash_kexec",
          "css_rstat_",
          "bpf_mem_cgroup_flush_stats",
          // Memory shared with a process that is there.
          "bpf_arena_",
          // The network's traffic.
          "bpf_skb_",
          "bpf_kfree_skb",
          "bpf_xdp_",
          "bpf_dynptr_from_skb",
          "bpf_dynptr_from_xdp",
          "bpf_ct_",
          "bpf_sk_assign_",
          "bpf_sock_addr_",
          "bpf_sock_ops_",
          "bpf_sock_destroy",
          "bpf_ksock_",
          "bpf_icmp_send",
          "bpf_qdisc_",
          "tcp_",
          "cubictcp_",
          "dctcp_",
          "bbr_",
          // Scheduling and input devices.
          "scx_bpf_",
          "__scx_bpf_",
          "bpf_iter_scx_",
          "hid_bpf_",
          // Keys, signatures, attributes of files.
          "bpf_crypto_",
          "bpf_key_put",
          "bpf_lookup_system_key",
          "bpf_lookup_user_key",
          "bpf_verify_pkcs7_signature",
          "bpf_set_dentry_xattr",
          "bpf_remove_dentry_xattr",
          // Calls that are being traced, and the kernel's tests of itself.
          "bpf_session_",
          "bpf_fentry_test",
          "bpf_modify_return_test",
          "bpf_kfunc_call_");

  private Meaningless() {}

  /** Whether a helper that images do not have is one, by its number. */
  static boolean isHelper(int id) {
    return !NOT_YET.contains(id);
  }

  /** Whether a function is one, by its name. */
  static boolean isFunction(String name) {
    return FUNCTIONS.stream().anyMatch(name::startsWith);
  }
}
