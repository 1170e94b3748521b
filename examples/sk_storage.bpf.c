// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The sockets that have a value in a socket storage map, and its first 16 bytes. The map is the
 * dumper's parameter. The value is copied and not read in place, because what a program reads in
 * place, the map's values must be as large as: so this takes a map with values of any size.
 * The cookie is 0 for a socket that nobody has asked for its cookie yet.
 */
#include "kernel.h"

#define SHOWN 16

static __always_inline long print_ends(struct seq_file *seq, const struct sock_common *skc)
{
	__u16 family = skc->skc_family;
	__u16 port = skc->skc_num, peer_port = bpf_ntohs(skc->skc_dport);

	if (family == AF_INET)
		return BPF_SEQ_PRINTF(seq, "%pI4:%u %pI4:%u ", &skc->skc_rcv_saddr, port, &skc->skc_daddr, peer_port);
	if (family == AF_INET6)
		return BPF_SEQ_PRINTF(seq, "[%pI6]:%u [%pI6]:%u ", &skc->skc_v6_rcv_saddr, port, &skc->skc_v6_daddr,
				      peer_port);
	return BPF_SEQ_PRINTF(seq, "- - ");
}

SEC("iter/bpf_sk_storage_map")
int dump_sk_storage(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct sock *sk = ctx->sk;
	void *value = ctx->value;
	__u32 size = ctx->map->value_size;
	long err = 0;

	if (!sk || !value)
		return 0;
	if (ctx->meta->seq_num == 0)
		err = BPF_SEQ_PRINTF(seq, "family protocol state inode cookie local remote value\n");

	const struct sock_common *skc = &sk->__sk_common;

	err |= BPF_SEQ_PRINTF(seq, "%u %u %u %lu %lu ", skc->skc_family, sk->sk_protocol, skc->skc_state,
			      socket_inode(sk), skc->skc_cookie.counter);
	err |= print_ends(seq, skc);
#pragma clang loop unroll(disable)
	for (__u32 i = 0; i < SHOWN && i < size; i++) {
		__u8 byte = 0;

		bpf_probe_read_kernel(&byte, sizeof(byte), value + i);
		err |= BPF_SEQ_PRINTF(seq, "%02x", byte);
	}
	if (size > SHOWN)
		err |= BPF_SEQ_PRINTF(seq, "...");
	err |= BPF_SEQ_PRINTF(seq, "\n");
	return WHOLE(err);
}
