// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Every open file of every task: who, which descriptor, and the address of its file operations. */
#include "kernel.h"

SEC("iter/task_file")
int dump_task_file(struct bpf_iter__task_file *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	__u32 fd = ctx->fd;
	long err = 0;

	if (!task || !file)
		return 0;
	if (ctx->meta->seq_num == 0)
		err = BPF_SEQ_PRINTF(seq, "    tgid      gid       fd      file\n");
	err |= BPF_SEQ_PRINTF(seq, "%8d %8d %8d %lx\n", task->tgid, task->pid, fd, (long)file->f_op);
	return WHOLE(err);
}
