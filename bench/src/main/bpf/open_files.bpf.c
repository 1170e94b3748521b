// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A record of fixed size for every open file: what the streaming benchmark carries. */
#include "../../../../examples/kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct file___bench {
	unsigned int f_flags;
	struct inode *f_inode;
};

#pragma clang attribute pop

struct open_file {
	__u32 tgid;
	__u32 pid;
	__u32 fd;
	__u32 flags;
	__u64 inode;
};

SEC("iter/task_file")
int bench_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file___bench *file = (void *)ctx->file;

	if (!task || !file)
		return 0;

	struct open_file row = {
		.tgid = task->tgid,
		.pid = task->pid,
		.fd = ctx->fd,
		.flags = file->f_flags,
		.inode = file->f_inode->i_ino,
	};

	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}
