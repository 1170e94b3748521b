// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Calls that an image refuses, where constants keep them from being made: each program loads, here as on a live kernel. */
#include "../../../../../testkit/src/main/resources/fixtures/fixture.h"

#define P(...) BPF_SEQ_PRINTF(seq, __VA_ARGS__)

/* Of a live kernel only; nothing here is to be reached. */
#define REFUSED() bpf_send_signal(9)

#define GUARDED(name)                                                                                                  \
	static __always_inline void name##_once(struct seq_file *seq);                                                 \
	SEC("iter/task")                                                                                               \
	int name(struct bpf_iter__task *ctx)                                                                           \
	{                                                                                                              \
		struct seq_file *seq = once(ctx);                                                                      \
                                                                                                                       \
		if (seq)                                                                                               \
			name##_once(seq);                                                                              \
		return 0;                                                                                              \
	}                                                                                                              \
	static __always_inline void name##_once(struct seq_file *seq)

const volatile bool enabled = 0;
const volatile int level = -2;
const volatile __u64 wanted = 0;
const volatile struct {
	char name[6];
	__s16 depth;
	__u32 steps[4];
} options = {"name", -7, {0, 1, 0, 3}};

GUARDED(flag)
{
	if (enabled)
		REFUSED();
	P("flag %d\n", enabled);
}

GUARDED(numbers)
{
	if (level > -2 || level < -2)
		REFUSED();
	if (options.depth != -7 || (options.steps[1] ^ 1) || options.steps[3] * 7 / 2 != 10)
		REFUSED();
	P("numbers %d %d\n", level, options.depth);
}

GUARDED(bits)
{
	int i;

#pragma clang loop unroll(disable)
	for (i = 0; i < 8; i++) {
		barrier_var(i);
		if (wanted >> i & 1)
			REFUSED();
		if (wanted & (1ull << i))
			REFUSED();
		P("bit %d\n", i);
	}
}

GUARDED(chosen)
{
	int mode;

	switch (options.steps[2]) {
	case 0:
		mode = 5;
		break;
	case 1:
		mode = 6;
		break;
	default:
		REFUSED();
		mode = 7;
	}
	barrier_var(mode);
	if (mode == 6)
		REFUSED();
	P("chosen\n");
}

extern int CONFIG_NO_SUCH_NUMBER __kconfig __weak;
extern const int no_such_variable __ksym __weak;
extern const void no_such_symbol __ksym __weak;
int bpf_no_such_function(int argument) __ksym __weak;
void bpf_rcu_read_lock(void) __ksym __weak;

GUARDED(externs)
{
	if (CONFIG_NO_SUCH_NUMBER)
		REFUSED();
	if (&no_such_variable)
		REFUSED();
	if (&no_such_symbol)
		REFUSED();
	if (bpf_no_such_function)
		REFUSED();
	if (!bpf_rcu_read_lock)
		REFUSED();
	P("externs\n");
}

struct task_struct___none {
	int no_such_field;
} __attribute__((preserve_access_index));

GUARDED(fields)
{
	struct task_struct___none *task = 0;

	if (bpf_core_field_exists(task->no_such_field) || !bpf_core_type_exists(struct task_struct))
		REFUSED();
	P("fields\n");
}

static __noinline bool asked(__u64 which)
{
	return which < 2 ? enabled : options.steps[1] == 2;
}

static __noinline int act(struct seq_file *seq, int how)
{
	if (how == 3)
		REFUSED();
	P("act %d\n", how);
	return how + 1;
}

GUARDED(functions)
{
	if (asked(1) || asked(2))
		REFUSED();
	if (act(seq, 1) == 5 || act(seq, options.depth) > 2)
		REFUSED();
	P("functions\n");
}

static long never(__u64 index, void *context)
{
	REFUSED();
	return 0;
}

GUARDED(callbacks)
{
	if (wanted)
		bpf_loop(4, never, 0, 0);
	P("callbacks\n");
}

/* What is not constant guards nothing: these an image refuses. */
volatile bool changed;
const volatile bool held = 1;

GUARDED(changeable)
{
	if (changed)
		REFUSED();
	P("changeable\n");
}

GUARDED(reached)
{
	if (held)
		REFUSED();
	P("reached\n");
}

GUARDED(called)
{
	bpf_loop(4, never, 0, 0);
	P("called\n");
}
