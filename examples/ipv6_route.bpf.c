// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* /proc/net/ipv6_route, byte for byte. */
#include "kernel.h"

#define RTF_GATEWAY 0x0002

extern bool CONFIG_IPV6_SUBTREES __kconfig __weak;

/* The hop /proc shows for a route that names a next hop object: of a group, its first member. */
static __always_inline const struct fib6_nh *nexthop_fib6_nh(const struct nexthop *nh)
{
	if (BPF_CORE_READ(nh, is_group))
		nh = BPF_CORE_READ(nh, nh_grp, nh_entries[0].nh);

	const struct nh_info *info = BPF_CORE_READ(nh, nh_info);

	return BPF_CORE_READ(info, family) == AF_INET6 ? &info->fib6_nh : 0;
}

SEC("iter/ipv6_route")
int dump_ipv6_route(struct bpf_iter__ipv6_route *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct fib6_info *rt = ctx->rt;

	if (!rt)
		return 0;

	const struct nexthop *nh = rt->nh;
	const struct fib6_nh *hop = nh ? nexthop_fib6_nh(nh) : &rt->fib6_nh[0];
	const struct net_device *dev = 0;
	__u32 flags = rt->fib6_flags;
	long err;

	err = BPF_SEQ_PRINTF(seq, "%pi6 %02x ", &rt->fib6_dst.addr, rt->fib6_dst.plen);
	if (CONFIG_IPV6_SUBTREES)
		err |= BPF_SEQ_PRINTF(seq, "%pi6 %02x ", &rt->fib6_src.addr, rt->fib6_src.plen);
	else
		err |= BPF_SEQ_PRINTF(seq, "00000000000000000000000000000000 00 ");
	if (hop && BPF_CORE_READ(hop, nh_common.nhc_gw_family)) {
		flags |= RTF_GATEWAY;
		err |= BPF_SEQ_PRINTF(seq, "%pi6 ", &hop->nh_common.nhc_gw.ipv6);
	} else {
		err |= BPF_SEQ_PRINTF(seq, "00000000000000000000000000000000 ");
	}
	if (hop)
		dev = BPF_CORE_READ(hop, nh_common.nhc_dev);
	err |= BPF_SEQ_PRINTF(seq, "%08x %08x %08x %08x ", rt->fib6_metric, rt->fib6_ref.refs.counter, 0, flags);
	if (dev)
		err |= BPF_SEQ_PRINTF(seq, "%8s\n", dev->name);
	else
		err |= BPF_SEQ_PRINTF(seq, "        \n");
	return WHOLE(err);
}
