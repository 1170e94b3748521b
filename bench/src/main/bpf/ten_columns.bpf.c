// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The ten columns of the query that row "query-compile" compiles, by hand. */
#include "../../../../examples/kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid;
	kuid_t euid;
};

struct mm_struct {
	unsigned long total_vm;
};

struct signal_struct {
	int nr_threads;
};

struct task_struct___bench {
	int pid;
	int tgid;
	char comm[16];
	int prio;
	unsigned int flags;
	const struct cred *cred;
	struct task_struct___bench *real_parent;
	struct mm_struct *mm;
	struct signal_struct *signal;
	__u64 utime;
};

#pragma clang attribute pop

struct row {
	__u64 utime;
	__u64 memory;
	char comm[16];
	int pid;
	int tgid;
	int parent;
	__u32 uid;
	__u32 euid;
	int prio;
	__u32 flags;
	int threads;
};

SEC("iter/task")
int bench_ten(struct bpf_iter__task *ctx)
{
	struct task_struct___bench *task = (void *)ctx->task;

	if (!task)
		return 0;

	struct row row = {
		.utime = task->utime,
		.memory = task->mm ? task->mm->total_vm * 4 : 0,
		.pid = task->pid,
		.tgid = task->tgid,
		.parent = task->real_parent->tgid,
		.uid = task->cred->uid.val,
		.euid = task->cred->euid.val,
		.prio = task->prio,
		.flags = task->flags,
		.threads = task->signal->nr_threads,
	};

	__builtin_memcpy(row.comm, task->comm, sizeof(row.comm));
	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}
