// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Every BPF map: its references and the locked memory of the user it is charged to.
 * Since 5.11 maps are charged to a memory cgroup and no longer to a user: locked_vm is 0 there.
 * The reference that the iterator itself holds is counted.
 */
#include "kernel.h"

SEC("iter/bpf_map")
int dump_bpf_map(struct bpf_iter__bpf_map *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct bpf_map *map = ctx->map;
	__u64 locked = 0;
	long err = 0;

	if (!map)
		return 0;
	if (ctx->meta->seq_num == 0)
		err = BPF_SEQ_PRINTF(seq, "      id   refcnt  usercnt  locked_vm\n");
	if (bpf_core_field_exists(map->memory.user))
		locked = BPF_CORE_READ(map, memory.user, locked_vm.counter);
	err |= BPF_SEQ_PRINTF(seq, "%8u %8ld %8ld %10lu\n", map->id, map->refcnt.counter, map->usercnt.counter,
			      locked);
	return WHOLE(err);
}
