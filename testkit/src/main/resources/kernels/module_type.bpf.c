// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Virtual cables that routes lead to, by the names of their two ends. The type that knows the other end is in the BTF of
 * the module veth alone; without that module this says so and reads nothing.
 */
#include "../fixtures/fixture.h"

#define NETDEV_ALIGN 32

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct net_device {
	char name[16];
	__u8 priv[0]; /* since 6.10 */
};

struct fib6_nh {
	struct {
		struct net_device *nhc_dev;
	} nh_common;
};

struct fib6_info {
	struct nexthop *nh;
	struct fib6_nh fib6_nh[0];
};

struct bpf_iter__ipv6_route {
	struct bpf_iter_meta *meta;
	struct fib6_info *rt;
};

struct veth_priv {
	struct net_device *peer;
};

#pragma clang attribute pop

static __always_inline struct veth_priv *private(struct net_device *dev)
{
	if (bpf_core_field_exists(dev->priv))
		return (void *)dev + bpf_core_field_offset(struct net_device, priv);
	return (void *)dev + ((bpf_core_type_size(struct net_device) + NETDEV_ALIGN - 1) & -NETDEV_ALIGN);
}

SEC("iter/ipv6_route")
int cables(struct bpf_iter__ipv6_route *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct fib6_info *rt = ctx->rt;
	struct net_device *dev, *peer;

	if (!rt)
		return 0;
	if (ctx->meta->seq_num == 0)
		BPF_SEQ_PRINTF(seq, "struct veth_priv: exists %d, size %d, type %d\n",
			       bpf_core_type_exists(struct veth_priv), bpf_core_type_size(struct veth_priv),
			       bpf_core_type_id_kernel(struct veth_priv));
	if (!bpf_core_type_exists(struct veth_priv) || rt->nh)
		return 0;
	dev = rt->fib6_nh[0].nh_common.nhc_dev;
	if (!dev)
		return 0;
	peer = BPF_CORE_READ(private(dev), peer);
	/* The peer of the peer: only a cable leads back. */
	if (peer && BPF_CORE_READ(private(peer), peer) == dev)
		BPF_SEQ_PRINTF(seq, "%s %s\n", dev->name, peer->name);
	return 0;
}
