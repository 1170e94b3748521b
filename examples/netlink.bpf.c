// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * /proc/net/netlink, byte for byte.
 * Addresses are printed as the reader's kernel.kptr_restrict has it, like there.
 */
#include "kernel.h"

SEC("iter/netlink")
int dump_netlink(struct bpf_iter__netlink *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct netlink_sock *nlk = ctx->sk;
	__u64 seq_num = ctx->meta->seq_num;
	long err = 0;

	/* Without any socket the number of the last call is -1, and there is a heading all the same. */
	if (nlk ? seq_num == 0 : seq_num == -1ULL)
		err = BPF_SEQ_PRINTF(seq, "sk               Eth Pid        Groups   "
					  "Rmem     Wmem     Dump  Locks    Drops    Inode\n");
	if (!nlk)
		return 0;

	const struct sock *sk = &nlk->sk;
	unsigned long *groups = nlk->groups;
	unsigned long group = 0;

	if (groups)
		bpf_probe_read_kernel(&group, sizeof(group), groups);
	err |= BPF_SEQ_PRINTF(seq, "%pK %-3d %-10u %08x ", nlk, sk->sk_protocol, nlk->portid, (__u32)group);
	/* A socket starts with one byte of write memory that is not shown. */
	err |= BPF_SEQ_PRINTF(seq, "%-8d %-8d %-5d %-8d ", sk->sk_backlog.rmem_alloc.counter,
			      sk->sk_wmem_alloc.refs.counter - 1, nlk->cb_running,
			      sk->__sk_common.skc_refcnt.refs.counter);
	err |= BPF_SEQ_PRINTF(seq, "%-8u %-8lu\n", sk->sk_drops.counter, socket_inode(sk));
	return WHOLE(err);
}
