// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Every task the reader's pid namespace shows: its thread group and itself. */
#include "kernel.h"

SEC("iter/task")
int dump_task(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	long err = 0;

	if (!task)
		return 0;
	if (ctx->meta->seq_num == 0)
		err = BPF_SEQ_PRINTF(seq, "    tgid      gid\n");
	err |= BPF_SEQ_PRINTF(seq, "%8d %8d\n", task->tgid, task->pid);
	return WHOLE(err);
}
