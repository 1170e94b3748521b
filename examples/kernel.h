// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The kernel as far as the examples look into it, for kernels from 5.8 on.
 *
 * Members are found by name in the running kernel's BTF, so only what is read is declared, order and
 * offsets mean nothing here, and one struct may hold members that never existed together: an access
 * to a member that some kernel lacks is guarded by bpf_core_field_exists.
 */
#ifndef BPFDUMP_KERNEL_H
#define BPFDUMP_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;

/* enum bpf_map_type; not declared as an enum, which would have to agree with the kernel's. */
#define BPF_MAP_TYPE_LRU_HASH 9

#define AF_INET 2
#define AF_INET6 10

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	long counter;
} atomic64_t;

typedef struct {
	atomic_t refs;
} refcount_t;

/* What an iterator program is called with. */

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

struct bpf_iter__ipv6_route {
	struct bpf_iter_meta *meta;
	struct fib6_info *rt;
};

struct bpf_iter__netlink {
	struct bpf_iter_meta *meta;
	struct netlink_sock *sk;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd __attribute__((aligned(8)));
	struct file *file;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
	__u32 uid __attribute__((aligned(8)));
};

/* Maps, tasks, files. */

struct user_struct {
	atomic64_t locked_vm;
};

struct bpf_map_memory {
	struct user_struct *user;
};

struct bpf_map {
	__u32 id;
	__u32 value_size;
	atomic64_t refcnt;
	atomic64_t usercnt;
	struct bpf_map_memory memory; /* up to 5.10 */
};

struct task_struct {
	int pid;
	int tgid;
};

struct file {
	const void *f_op;
};

/* Sockets. */

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

struct netns_ipv4 {
	__u8 sysctl_tcp_pingpong_thresh; /* since 6.7 */
};

struct net {
	struct netns_ipv4 ipv4;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	refcount_t skc_refcnt;
};

struct inode {
	unsigned long i_ino;
};

struct socket_alloc {
	struct inode vfs_inode;
};

struct hlist_node {
	struct hlist_node **pprev;
};

struct timer_list {
	struct hlist_node entry;
	unsigned long expires;
};

struct sock {
	struct sock_common __sk_common;
	atomic_t sk_drops;
	struct {
		atomic_t rmem_alloc;
	} sk_backlog;
	struct socket *sk_socket;
	refcount_t sk_wmem_alloc;
	struct timer_list sk_timer;		/* keepalive of TCP, until icsk_keepalive_timer */
	struct timer_list tcp_retransmit_timer; /* 2026 */
	__u16 sk_protocol;
	__u32 sk_ack_backlog;
	unsigned long sk_ino; /* 6.18 has it, 6.12 not */
};

struct netlink_sock {
	struct sock sk;
	__u32 portid;
	unsigned long *groups;
	bool cb_running;
};

struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};

struct fastopen_queue {
	int max_qlen;
};

struct request_sock_queue {
	struct fastopen_queue fastopenq;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	struct request_sock_queue icsk_accept_queue;
	unsigned long icsk_timeout;		 /* 6.12 has it, 6.18 not */
	struct timer_list icsk_retransmit_timer; /* where icsk_timeout is not */
	struct timer_list icsk_keepalive_timer;	 /* 2026 */
	__u32 icsk_rto;
	__u8 icsk_retransmits;
	__u8 icsk_pending;
	__u8 icsk_probes_out;
	struct {
		__u8 quick;
		__u8 pingpong;
		__u32 ato : 8; /* a whole word before 6.8 */
	} icsk_ack;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
	__u32 snd_una;
	__u32 snd_cwnd;
	__u32 snd_ssthresh;
};

struct inet_timewait_sock {
	struct sock_common __tw_common;
	unsigned char tw_substate;
	__be16 tw_sport;
	struct timer_list tw_timer;
};

struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk;
};

struct request_sock {
	struct sock_common __req_common;
	__u8 num_timeout : 7;
	struct timer_list rsk_timer;
};

struct inet_request_sock {
	struct request_sock req;
};

struct tcp_request_sock {
	struct inet_request_sock req;
};

/* Exists where the tcp iterator works in batches (5.15 on) and holds a reference to what it shows. */
struct bpf_tcp_iter_state {
	struct sock **batch;
};

/* Routes. */

struct net_device {
	char name[16];
};

struct fib_nh_common {
	struct net_device *nhc_dev;
	__u8 nhc_gw_family;
	union {
		struct in6_addr ipv6;
	} nhc_gw;
};

struct fib6_nh {
	struct fib_nh_common nh_common;
};

struct rt6key {
	struct in6_addr addr;
	int plen;
};

struct nh_info {
	__u8 family;
	struct fib6_nh fib6_nh;
};

struct nh_grp_entry {
	struct nexthop *nh;
};

struct nh_group {
	struct nh_grp_entry nh_entries[0];
};

struct nexthop {
	bool is_group;
	struct nh_info *nh_info;
	struct nh_group *nh_grp;
};

struct fib6_info {
	refcount_t fib6_ref;
	struct rt6key fib6_dst;
	__u32 fib6_flags;
	struct rt6key fib6_src;
	__u32 fib6_metric;
	struct nexthop *nh;
	struct fib6_nh fib6_nh[0];
};

#pragma clang attribute pop

/*
 * The printing helpers fail where the reader's buffer is full, and on some kernels where too many
 * programs print at once. A program then returns 1: the kernel drops what this call has printed and
 * calls again for the same object, so that no line is ever lost or cut.
 */
#define WHOLE(err) ((err) != 0)

/* The inode number of a socket, as /proc/net prints it. */
static __always_inline unsigned long socket_inode(const struct sock *sk)
{
	if (bpf_core_field_exists(sk->sk_ino))
		return sk->sk_ino;

	/* The socket is the first member of its socket_alloc. */
	const struct socket_alloc *alloc = (const void *)sk->sk_socket;

	return alloc ? BPF_CORE_READ(alloc, vfs_inode.i_ino) : 0;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#endif
