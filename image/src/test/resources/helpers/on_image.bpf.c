// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Helpers whose answers are the image's: sockets, clocks, symbols, memory of processes. */
#include "../../../../../testkit/src/main/resources/fixtures/fixture.h"

#define P(...) BPF_SEQ_PRINTF(ctx->meta->seq, __VA_ARGS__)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sock_common {
	unsigned short skc_family;
	unsigned char skc_state;
	__be16 skc_dport;
	__u16 skc_num;
};

struct sock {
	struct sock_common __sk_common;
	int sk_max_ack_backlog;
};

struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt;
	__u32 copied_seq;
};

struct tcp6_sock {
	struct tcp_sock tcp;
};

struct tcp_timewait_sock {
	__u32 tw_rcv_nxt;
};

struct tcp_request_sock {
	__u32 txhash;
};

struct udp6_sock {
	int unused;
};

struct unix_sock {
	struct sock *peer;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

struct bpf_iter__udp {
	struct bpf_iter_meta *meta;
	struct udp_sock *udp_sk;
};

struct bpf_iter__unix {
	struct bpf_iter_meta *meta;
	struct unix_sock *unix_sk;
};

struct mm_struct {
	unsigned long arg_start;
};

struct pt_regs {
	unsigned long cs;
	unsigned long ss;
};

#pragma clang attribute pop

struct task_struct___own {
	int pid;
	int tgid;
	struct mm_struct *mm;
} __attribute__((preserve_access_index));

SEC("iter/tcp")
int kinds(struct bpf_iter__tcp *ctx)
{
	struct sock_common *common = ctx->sk_common;
	struct tcp_sock *tcp;

	if (!common)
		return 0;
	tcp = (void *)bpf_skc_to_tcp_sock(common);
	P("%llx %d %d %d %d", (__u64)common, tcp != 0, bpf_skc_to_tcp6_sock(common) != 0,
	  bpf_skc_to_tcp_timewait_sock(common) != 0, bpf_skc_to_tcp_request_sock(common) != 0);
	P(" %d %d", bpf_skc_to_udp6_sock(common) != 0, bpf_skc_to_unix_sock(common) != 0);
	P(" %x\n", tcp ? tcp->rcv_nxt - tcp->copied_seq : 0);
	return 0;
}

SEC("iter/udp")
int datagrams(struct bpf_iter__udp *ctx)
{
	if (ctx->udp_sk)
		P("%llx %d %d\n", (__u64)ctx->udp_sk, bpf_skc_to_udp6_sock(ctx->udp_sk) != 0,
		  bpf_skc_to_tcp_sock(ctx->udp_sk) != 0);
	return 0;
}

SEC("iter/unix")
int locals(struct bpf_iter__unix *ctx)
{
	if (ctx->unix_sk)
		P("%llx %d %d\n", (__u64)ctx->unix_sk, bpf_skc_to_unix_sock(ctx->unix_sk) != 0,
		  bpf_skc_to_tcp_sock(ctx->unix_sk) != 0);
	return 0;
}

SEC("iter/task")
int clocks(struct bpf_iter__task *ctx)
{
	if (ctx->task && ctx->meta->seq_num == 0)
		P("%llu %llu %llu %llu\n", bpf_ktime_get_ns(), bpf_ktime_get_boot_ns(), bpf_ktime_get_tai_ns(),
		  bpf_jiffies64());
	return 0;
}

SEC("iter.s/task")
int arguments(struct bpf_iter__task *ctx)
{
	struct task_struct___own *task = (void *)ctx->task;
	static char text[64];
	struct mm_struct *mm;
	struct pt_regs *regs;
	long error;

	if (!task)
		return 0;
	mm = BPF_CORE_READ(task, mm);
	if (!mm || BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid))
		return 0;
	__builtin_memset(text, 0, sizeof text);
	error = bpf_copy_from_user_task(text, 8, (void *)BPF_CORE_READ(mm, arg_start), ctx->task, 0);
	P("%d %ld %s", BPF_CORE_READ(task, pid), error, text);
	regs = (void *)bpf_task_pt_regs(ctx->task);
	P(" %lx %lx", BPF_CORE_READ(regs, cs) & 3, BPF_CORE_READ(regs, ss) & 3);
	P(", 1 %ld\n", bpf_copy_from_user_task(text, 8, (void *)1, ctx->task, 0));
	return 0;
}
