// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * What the query "task/file: tgid, task.comm, fd, path(file.f_path)" asks for, by hand: the row is built in a
 * value of a map, since a path is longer than the stack, and written whole. No one else uses the value: only one
 * pass is made at a time.
 */
#include "../../../../examples/kernel.h"

/* As BPF_MAP_TYPE_LRU_HASH in kernel.h. */
#define BPF_MAP_TYPE_PERCPU_ARRAY 6

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct path {
	void *dentry;
};

struct file___bench {
	struct path f_path;
};

struct task_struct___bench {
	char comm[16] __attribute__((aligned(8)));
};

#pragma clang attribute pop

struct row {
	__u32 tgid;
	__u32 fd;
	char comm[16] __attribute__((aligned(8)));
	__u32 length; /* of the path, with its NUL; what follows is as long */
	char path[4096];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct row);
} rows SEC(".maps");

SEC("iter/task_file")
int bench_paths(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file___bench *file = (void *)ctx->file;
	__u32 zero = 0;

	if (!task || !file)
		return 0;

	struct row *row = bpf_map_lookup_elem(&rows, &zero);

	if (!row)
		return 0;
	row->tgid = task->tgid;
	row->fd = ctx->fd;
	__builtin_memcpy(row->comm, ((struct task_struct___bench *)task)->comm, sizeof(row->comm));

	__u64 length = bpf_d_path((struct path *)&file->f_path, row->path, sizeof(row->path));

	if (length > sizeof(row->path)) /* an error is a large number */
		length = 0;
	row->length = length;
	bpf_seq_write(ctx->meta->seq, row, __builtin_offsetof(struct row, path) + length);
	return 0;
}
