// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

/**
 * A global variable that walks start from. BTF does not describe globals: what they are is said
 * here, once. Types are those of the kernel's sources.
 */
public enum Root {
  /** {@code struct pid_namespace}: the first, kernel/pid.c. */
  INIT_PID_NS("init_pid_ns"),
  /** {@code struct net}: the first network namespace, net/core/net_namespace.c. */
  INIT_NET("init_net"),
  /** {@code struct list_head}: every {@code net.list}, net/core/net_namespace.c. */
  NET_NAMESPACE_LIST("net_namespace_list"),
  /** {@code struct udp_table}: of all network namespaces until 6.2, net/ipv4/udp.c. */
  UDP_TABLE("udp_table"),
  /** {@code struct hlist_head[512]}: of all network namespaces until 6.0, net/unix/af_unix.c. */
  UNIX_SOCKET_TABLE("unix_socket_table"),
  /** {@code struct netlink_table *}: an array of 32, net/netlink/af_netlink.c. */
  NL_TABLE("nl_table"),
  /** {@code int}: who owns what has no owner here, kernel/sys.c. */
  OVERFLOWUID("overflowuid"),
  /** {@code struct list_head}: every {@code module.list}, kernel/module/main.c. */
  MODULES("modules"),
  /** {@code struct list_head}: every {@code ftrace_mod_map.list}, kernel/trace/ftrace.c. */
  FTRACE_MOD_MAPS("ftrace_mod_maps"),
  /** {@code struct list_head}: {@code ftrace_ops.list} of trampolines, kernel/trace/ftrace.c. */
  FTRACE_OPS_TRAMPOLINE_LIST("ftrace_ops_trampoline_list"),
  /** {@code struct list_head}: every {@code bpf_ksym.lnode}, kernel/bpf/core.c. */
  BPF_KALLSYMS("bpf_kallsyms"),
  /** {@code int}: whether symbols of programs are shown, kernel/bpf/core.c. */
  BPF_JIT_KALLSYMS("bpf_jit_kallsyms"),
  /** {@code int}: other than 0, symbols of programs are hidden, kernel/bpf/core.c. */
  BPF_JIT_HARDEN("bpf_jit_harden"),
  /** {@code struct kprobe_insn_cache}, kernel/kprobes.c. */
  KPROBE_INSN_SLOTS("kprobe_insn_slots"),
  /** {@code struct kprobe_insn_cache}: of optimized probes, kernel/kprobes.c. */
  KPROBE_OPTINSN_SLOTS("kprobe_optinsn_slots"),
  /** {@code struct cgroup_root}: the unified hierarchy, kernel/cgroup/cgroup.c. */
  CGRP_DFL_ROOT("cgrp_dfl_root"),
  /** {@code struct list_head}: every {@code kmem_cache.list}, mm/slab_common.c. */
  SLAB_CACHES("slab_caches"),
  /** {@code struct list_head}: every {@code dma_buf.list_node}, drivers/dma-buf/dma-buf.c. */
  DMABUF_LIST("dmabuf_list"),
  /** {@code struct dma_buf_list}: the same until 6.15, where debugfs is. */
  DB_LIST("db_list"),
  /** {@code struct idr} of {@code struct bpf_map}, kernel/bpf/syscall.c. */
  MAP_IDR("map_idr"),
  /** {@code struct idr} of {@code struct bpf_prog}, kernel/bpf/syscall.c. */
  PROG_IDR("prog_idr"),
  /** {@code struct idr} of {@code struct bpf_link}, kernel/bpf/syscall.c. */
  LINK_IDR("link_idr"),
  /** {@code struct tk_data}, until 6.12 without a name, kernel/time/timekeeping.c. */
  TK_CORE("tk_core"),
  /** {@code struct tk_data[]}, whose first is what was {@code tk_core} until 6.16. */
  TIMEKEEPER_DATA("timekeeper_data"),
  /** {@code unsigned long}: ticks, kernel/time/timer.c. */
  JIFFIES("jiffies"),
  /** {@code siphash_key_t}: hashes the pointers that are shown, lib/vsprintf.c. */
  PTR_KEY("ptr_key"),
  /** {@code bool}: whether pointers are shown as they are, lib/vsprintf.c. */
  NO_HASH_POINTERS("no_hash_pointers"),
  /** {@code int}: who sees pointers of {@code %pK}, lib/vsprintf.c. */
  KPTR_RESTRICT("kptr_restrict"),
  /** {@code struct task_struct}: of the first process, init/init_task.c. */
  INIT_TASK("init_task"),
  /** {@code struct uts_namespace}: what uname(2) tells, init/version.c. */
  INIT_UTS_NS("init_uts_ns"),
  /** {@code struct printk_ringbuffer *}: the log, kernel/printk/printk.c. */
  PRB("prb"),
  /** {@code char *}: the command line, init/main.c. */
  SAVED_COMMAND_LINE("saved_command_line"),
  /** {@code struct resource}: the machine's physical addresses, kernel/resource.c. */
  IOMEM_RESOURCE("iomem_resource"),
  /** {@code struct cpumask}: the CPUs that run, kernel/cpu.c. */
  CPU_ONLINE_MASK("__cpu_online_mask"),
  /** {@code struct cpumask}: the CPUs that tasks may run on, kernel/cpu.c. */
  CPU_ACTIVE_MASK("__cpu_active_mask"),
  /** {@code atomic_t}: the CPU that panicked, or -1, kernel/panic.c. */
  PANIC_CPU("panic_cpu"),
  /** {@code int}: the CPU that crashed into kdump, or -1, arch/x86/kernel/reboot.c. */
  CRASHING_CPU("crashing_cpu"),
  /** Per CPU, {@code struct task_struct *}: who runs, arch/x86/kernel/cpu/common.c. */
  CURRENT_TASK("current_task"),
  /** Per CPU, {@code struct pcpu_hot}: the same from 6.2 to 6.14. */
  PCPU_HOT("pcpu_hot"),
  /** List of {@code struct btf_module}: modules that have BTF, kernel/bpf/btf.c. */
  BTF_MODULES("btf_modules"),
  /** {@code char}: the kernel's configuration, packed by gzip, kernel/configs.c. */
  KERNEL_CONFIG_DATA("kernel_config_data"),
  /** {@code char}: its end. */
  KERNEL_CONFIG_DATA_END("kernel_config_data_end");

  private final String symbol;

  Root(String symbol) {
    this.symbol = symbol;
  }

  /** The variable's name. */
  public String symbol() {
    return symbol;
  }
}
