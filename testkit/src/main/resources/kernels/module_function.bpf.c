// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A kernel function of the module nf_conntrack, which iterators may not call: the verifier names it. */
#include "../fixtures/fixture.h"

struct nf_conn {
	unsigned long status;
};

void bpf_ct_release(struct nf_conn *connection) __ksym;

SEC("iter/task")
int calls(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		bpf_ct_release((void *)task);
	return 0;
}
