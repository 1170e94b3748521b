// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Helpers that need nothing of the kernel they run on: each line is what one of them answered. */
#include "../../../../../testkit/src/main/resources/fixtures/fixture.h"

struct bpf_dynptr {
	__u64 opaque[2];
} __attribute__((aligned(8)));

#define P(...) BPF_SEQ_PRINTF(seq, __VA_ARGS__)

struct bpf_map {
	__u32 id;
};

__s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym;

#define COUNT(map) bpf_map_sum_elem_count((struct bpf_map *)&(map))

struct cell {
	__u64 a;
	__u64 b;
};

struct {
	__uint(type, MAP_LRU_HASH);
	__uint(max_entries, 1000);
	__type(key, __u32);
	__type(value, __u64);
} lru SEC(".maps");

struct {
	__uint(type, MAP_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct cell);
} hash SEC(".maps");

struct inner {
	__uint(type, MAP_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
	__uint(type, MAP_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps") = {.values = {[1] = &first, [3] = &second}};

struct {
	__uint(type, MAP_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} named SEC(".maps") = {.values = {[2] = &second}};

struct {
	__uint(type, MAP_BLOOM_FILTER);
	__uint(max_entries, 100);
	__type(value, __u64);
} bloom SEC(".maps");

struct {
	__uint(type, MAP_RINGBUF);
	__uint(max_entries, 65536);
} ring SEC(".maps");

struct {
	__uint(type, MAP_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} copies SEC(".maps");

struct {
	__uint(type, MAP_TASK_STORAGE);
	__uint(map_flags, F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} of_tasks SEC(".maps");

static long count(__u32 index, void *context)
{
	__u64 *sum = context;

	*sum = *sum * 31 + index;
	return index == 99;
}

static long nested(__u32 index, void *context)
{
	bpf_loop(index, count, context, 0);
	return 0;
}

SEC("iter/task")
int loops(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 sum = 1;

	if (!seq)
		return 0;
	P("none %ld\n", bpf_loop(0, count, &sum, 0));
	P("some %ld %llu\n", bpf_loop(10, count, &sum, 0), sum);
	P("all %ld %llu\n", bpf_loop(100, count, &sum, 0), sum);
	P("ended %ld %llu\n", bpf_loop(1000, count, &sum, 0), sum);
	P("nested %ld %llu\n", bpf_loop(20, nested, &sum, 0), sum);
	P("flags %ld\n", bpf_loop(10, count, &sum, 1));
	P("many %ld\n", bpf_loop((8 << 20) + 1, count, &sum, 0));
	return 0;
}

static long element(void *map, const void *key, void *value, void *context)
{
	struct cell *cell = value;
	__u64 *sum = context;

	sum[0] += *(__u32 *)key;
	sum[1] += cell->a * 1000 + cell->b;
	cell->b++;
	return *(__u32 *)key == 77;
}

static long removed(void *map, const void *key, void *value, void *context)
{
	__u32 copy = *(__u32 *)key;

	if (copy % 2)
		bpf_map_delete_elem(map, &copy);
	return 0;
}

static long indexed(void *map, const void *key, void *value, void *context)
{
	__u64 *sum = context;

	sum[0] = sum[0] * 10 + *(__u32 *)key;
	*(__u64 *)value += 7 + *(__u32 *)key;
	sum[1] += *(__u64 *)value;
	return 0;
}

SEC("iter/task")
int elements(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 sum[2] = {};
	__u32 key;

	if (!seq)
		return 0;
#pragma clang loop unroll(full)
	for (int i = 1; i < 7; i++) {
		key = i;
		struct cell cell = {key, key + 1};

		bpf_map_update_elem(&hash, &key, &cell, 0);
	}
	P("first %ld %llu %llu\n", bpf_for_each_map_elem(&hash, element, sum, 0), sum[0], sum[1]);
	P("again %ld %llu %llu\n", bpf_for_each_map_elem(&hash, element, sum, 0), sum[0], sum[1]);
	P("removes %ld\n", bpf_for_each_map_elem(&hash, removed, sum, 0));
	P("left %ld %llu %llu\n", bpf_for_each_map_elem(&hash, element, sum, 0), sum[0], sum[1]);
	P("flags %ld\n", bpf_for_each_map_elem(&hash, element, sum, 1));
	sum[0] = sum[1] = 0;
	P("array %ld %llu %llu\n", bpf_for_each_map_elem(&first, indexed, sum, 0), sum[0], sum[1]);
	P("array %ld %llu %llu\n", bpf_for_each_map_elem(&first, indexed, sum, 0), sum[0], sum[1]);
	P("copies %ld %llu %llu\n", bpf_for_each_map_elem(&copies, indexed, sum, 0), sum[0], sum[1]);
	P("copies %ld %llu %llu\n", bpf_for_each_map_elem(&copies, indexed, sum, 0), sum[0], sum[1]);
	return 0;
}

__u64 errors;
__u32 kept;

static long put(__u32 index, void *context)
{
	__u64 value = index * 3;

	errors |= bpf_map_update_elem(&lru, &index, &value, 0);
	return 0;
}

static long get(__u32 index, void *context)
{
	__u64 *found = bpf_map_lookup_elem(&lru, &index);

	if (found) {
		kept++;
		errors |= *found != index * 3;
	}
	return 0;
}

SEC("iter/task")
int evicts(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 value = 1, *found;
	__u32 key;

	if (!seq)
		return 0;
	bpf_loop(10000, put, 0, 0);
	P("put %llu\n", errors);
	bpf_loop(10000, get, 0, 0);
	/* How many are kept depends on lists of the CPUs: some, never more than there is room for. */
	P("some %d, not more %d, wrong %llu\n", kept > 100, kept <= 1000, errors);
	key = 9999;
	found = bpf_map_lookup_elem(&lru, &key);
	P("newest %llu\n", found ? *found : 0);
	P("exists %ld\n", bpf_map_update_elem(&lru, &key, &value, 1));
	P("delete %ld", bpf_map_delete_elem(&lru, &key));
	P(" %ld\n", bpf_map_delete_elem(&lru, &key));
	P("absent %ld\n", bpf_map_update_elem(&lru, &key, &value, 2));
	return 0;
}

SEC("iter/task")
int inside(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 value = 41, *found;
	__u32 key, one = 1;
	void *map;

	if (!seq)
		return 0;
#pragma clang loop unroll(full)
	for (int i = 0; i < 6; i++) {
		key = i;
		map = bpf_map_lookup_elem(&outer, &key);
		P("array %u %d", key, map != 0);
		if (map) {
			value += key;
			P(" update %ld", bpf_map_update_elem(map, &one, &value, 0));
			found = bpf_map_lookup_elem(map, &one);
			P(" %llu\n", found ? *found : 0);
		} else {
			P("\n");
		}
	}
#pragma clang loop unroll(full)
	for (int i = 0; i < 4; i++) {
		key = i;
		map = bpf_map_lookup_elem(&named, &key);
		found = map ? bpf_map_lookup_elem(map, &one) : 0;
		P("hash %u %d %llu\n", key, map != 0, found ? *found : 0);
	}
	found = bpf_map_lookup_elem(&first, &one);
	P("itself %llu\n", found ? *found : 0);
	P("of maps %lld %lld\n", COUNT(outer), COUNT(named));
	return 0;
}

static long add(__u32 index, void *context)
{
	__u64 value = index;

	errors |= bpf_map_push_elem(&bloom, &value, 0);
	return 0;
}

static long ask(__u32 index, void *context)
{
	__u64 value = index;

	errors += bpf_map_peek_elem(&bloom, &value) != 0;
	return 0;
}

static long ask_others(__u32 index, void *context)
{
	__u64 value = index + 1000;

	errors += bpf_map_peek_elem(&bloom, &value) != 0;
	return 0;
}

SEC("iter/task")
int filters(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 value = 5;

	if (!seq)
		return 0;
	bpf_loop(100, add, 0, 0);
	P("push %llu\n", errors);
	bpf_loop(100, ask, 0, 0);
	P("not there %llu\n", errors);
	bpf_loop(1000, ask_others, 0, 0);
	P("most others not %d\n", errors > 700);
	P("flags %ld\n", bpf_map_push_elem(&bloom, &value, 1));
	return 0;
}

SEC("iter/task")
int rings(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	struct cell cell = {1, 2}, *record;

	if (!seq)
		return 0;
	P("output %ld\n", bpf_ringbuf_output(&ring, &cell, sizeof cell, 0));
	P("flags %ld\n", bpf_ringbuf_output(&ring, &cell, sizeof cell, 8));
	record = bpf_ringbuf_reserve(&ring, sizeof cell, 0);
	P("reserve %d\n", record != 0);
	if (record) {
		record->a = 5;
		record->b = record->a;
		P("mine %llu\n", record->b);
		bpf_ringbuf_submit(record, 0);
	}
	record = bpf_ringbuf_reserve(&ring, sizeof cell, 0);
	if (record)
		bpf_ringbuf_discard(record, 0);
	record = bpf_ringbuf_reserve(&ring, 1 << 20, 0);
	P("too large %d\n", record != 0);
	if (record)
		bpf_ringbuf_discard(record, 0);
	P("size %llu\n", bpf_ringbuf_query(&ring, 1));
	return 0;
}

SEC("iter/task")
int storage(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	__u64 initial = 42, *value;
	struct task_struct *task = ctx->task;

	if (!seq || !task)
		return 0;
	value = bpf_task_storage_get(&of_tasks, task, 0, 0);
	P("none yet %d\n", value == 0);
	value = bpf_task_storage_get(&of_tasks, task, &initial, 1);
	P("made %llu\n", value ? *value : 0);
	if (value)
		*value += 1;
	initial = 3;
	value = bpf_task_storage_get(&of_tasks, task, &initial, 1);
	P("kept %llu\n", value ? *value : 0);
	P("delete %ld", bpf_task_storage_delete(&of_tasks, task));
	P(" %ld\n", bpf_task_storage_delete(&of_tasks, task));
	value = bpf_task_storage_get(&of_tasks, task, 0, 1);
	P("zero %llu\n", value ? *value : 9);
	return 0;
}

char text[64] = "kernel image";

SEC("iter/task")
int texts(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	static const char format[] = "%d %s %x|";
	static const char plain[] = "plain";
	static const char symbolic[] = "%pi4 %5d %%";
	__u64 at = (__u64)text;
	__u64 arguments[3], others[2];
	char to[32];

	if (!seq)
		return 0;
	/* Or the compiler puts it into read-only data, whose place nobody knows yet. */
	asm volatile("" : "+r"(at));
	arguments[0] = -5;
	arguments[1] = at;
	arguments[2] = 255;
	others[0] = at;
	others[1] = 12;
	P("whole %ld", bpf_snprintf(to, sizeof to, format, arguments, sizeof arguments));
	P(" %s\n", to);
	P("cut %ld", bpf_snprintf(to, 8, format, arguments, sizeof arguments));
	P(" %s\n", to);
	P("no room %ld\n", bpf_snprintf(to, 1, plain, 0, 0));
	P("nowhere %ld\n", bpf_snprintf(0, 0, plain, 0, 0));
	P("others %ld", bpf_snprintf(to, sizeof to, symbolic, others, sizeof others));
	P(" %s\n", to);
	P("traced %ld\n", (long)(bpf_trace_printk("bpfdump %d\n", 12, 5) > 0));
	P("compare %ld", (long)bpf_strncmp(text, 6, "kernel"));
	P(" %d", bpf_strncmp(text, 12, "kernel") > 0);
	P(" %d", bpf_strncmp(text, 7, "kernfs ") < 0);
	P(" %ld\n", (long)bpf_strncmp(text, 64, "kernel image"));
	return 0;
}

char source[64] = "0123456789abcdefghijklmnopqrstuvwxyz";

SEC("iter/task")
int sized(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	struct bpf_dynptr pointer;
	char to[16] = {};
	char *part;

	if (!seq)
		return 0;
	P("from %ld\n", bpf_dynptr_from_mem(source, sizeof source, 0, &pointer));
	P("read %ld", bpf_dynptr_read(to, 8, &pointer, 4, 0));
	P(" %s\n", to);
	P("beyond %ld\n", bpf_dynptr_read(to, 8, &pointer, 57, 0));
	P("flags %ld\n", bpf_dynptr_read(to, 8, &pointer, 0, 1));
	P("write %ld", bpf_dynptr_write(&pointer, 2, "XY", 2, 0));
	P(" %s\n", source);
	P("beyond %ld\n", bpf_dynptr_write(&pointer, 63, "XY", 2, 0));
	part = bpf_dynptr_data(&pointer, 10, 4);
	P("data %c\n", part ? part[1] : '-');
	part = bpf_dynptr_data(&pointer, 61, 4);
	P("none %d\n", part == 0);
	P("flags %ld\n", bpf_dynptr_from_mem(source, sizeof source, 1, &pointer));
	P("null %ld\n", bpf_dynptr_read(to, 1, &pointer, 0, 0));
	return 0;
}

SEC("iter/task")
int ringed(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	struct bpf_dynptr record;
	char to[8] = {};
	char *part;

	if (!seq)
		return 0;
	P("reserve %ld\n", bpf_ringbuf_reserve_dynptr(&ring, 24, 0, &record));
	P("write %ld\n", bpf_dynptr_write(&record, 20, "abcd", 4, 0));
	P("beyond %ld\n", bpf_dynptr_write(&record, 21, "abcd", 4, 0));
	P("read %ld", bpf_dynptr_read(to, 4, &record, 20, 0));
	P(" %s\n", to);
	part = bpf_dynptr_data(&record, 20, 4);
	P("data %c\n", part ? part[2] : '-');
	bpf_ringbuf_submit_dynptr(&record, 0);
	P("flags %ld\n", bpf_ringbuf_reserve_dynptr(&ring, 24, 1, &record));
	P("null %ld\n", bpf_dynptr_read(to, 1, &record, 0, 0));
	bpf_ringbuf_discard_dynptr(&record, 0);
	P("too large %ld\n", bpf_ringbuf_reserve_dynptr(&ring, 1 << 20, 0, &record));
	bpf_ringbuf_discard_dynptr(&record, 0);
	return 0;
}

int jumps;
int jumper(struct bpf_iter__task *ctx);
int target(struct bpf_iter__task *ctx);

struct {
	__uint(type, MAP_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} programs SEC(".maps") = {.values = {[0] = (void *)&jumper, [2] = (void *)&target}};

SEC("iter/task")
int jumper(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);

	if (!seq)
		return 0;
	jumps++;
	bpf_tail_call(ctx, &programs, 1);
	bpf_tail_call(ctx, &programs, 9);
	bpf_tail_call(ctx, &programs, 0);
	P("jumps %d\n", jumps);
	return 0;
}

SEC("iter/task")
int twice(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);

	if (!seq)
		return 0;
	P("before\n");
	bpf_tail_call(ctx, &programs, 2);
	P("never\n");
	return 0;
}

SEC("iter/task")
int target(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);

	if (seq)
		P("after\n");
	return 0;
}

void bpf_throw(__u64 cookie) __ksym;

SEC("iter/task")
int throws(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;

	if (ctx->meta->seq_num > 2)
		return 0;
	P("object %llu\n", ctx->meta->seq_num);
	if (ctx->meta->seq_num == 1)
		bpf_throw(0);
	P("over %llu\n", ctx->meta->seq_num);
	return 0;
}

#define CAUGHT_BY(function) __attribute__((btf_decl_tag("exception_callback:" #function)))

__u64 caught_last, caught_times;

/* What this returns is the program's result: 1 has the object shown once more. */
int caught(__u64 cookie)
{
	caught_last = cookie;
	return ++caught_times == 3;
}

static __noinline int thrower(__u64 cookie)
{
	char text[64] = {};

	text[cookie & 63] = 1;
	if (text[33])
		bpf_throw(cookie);
	if (cookie & 1)
		bpf_throw(cookie << 32);
	return text[2];
}

SEC("iter/task")
CAUGHT_BY(caught)
int catches(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	__u64 number = ctx->meta->seq_num;

	if (number > 8)
		return 0;
	P("object %llu, caught %llu: %llx\n", number, caught_times, caught_last);
	P("over %d\n", thrower(number == 6 ? 33 : number));
	return 0;
}

int bpf_strcmp(const char *left, const char *right) __ksym;
int bpf_strcasecmp(const char *left, const char *right) __ksym;
int bpf_strchr(const char *text, char c) __ksym;
int bpf_strnchr(const char *text, unsigned long most, char c) __ksym;
int bpf_strrchr(const char *text, int c) __ksym;
int bpf_strnlen(const char *text, unsigned long most) __ksym;
int bpf_strspn(const char *text, const char *set) __ksym;
int bpf_strcspn(const char *text, const char *set) __ksym;
int bpf_strstr(const char *text, const char *wanted) __ksym;
int bpf_strnstr(const char *text, const char *wanted, unsigned long most) __ksym;
SEC("iter/task")
int counts(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	struct cell cell = {};
	__u64 value = 1;
	__u32 i, n;

	if (!seq)
		return 0;
	for (n = 0; n < 12; n++) {
		i = n;
		bpf_map_update_elem(&hash, &i, &cell, 0);
		bpf_map_update_elem(&lru, &i, &value, 0);
	}
	i = 3;
	bpf_map_delete_elem(&hash, &i);
	bpf_map_update_elem(&lru, &i, &value, 0);
	P("hash %lld lru %lld array %lld\n", COUNT(hash), COUNT(lru), COUNT(first));
	return 0;
}

const char lower[] = "kernel image", upper[] = "KERNEL IMAGE", other[] = "kernel", middle[] = "el i",
	   nothing[] = "", absent[] = "mages";

SEC("iter/task")
int strings(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	unsigned long n;

	if (!seq)
		return 0;
	P("strcmp %d %d %d\n", bpf_strcmp(lower, lower), bpf_strcmp(lower, other), bpf_strcmp(upper, lower));
	P("strchr %d %d %d\n", bpf_strchr(lower, 'e'), bpf_strchr(lower, 'z'), bpf_strchr(lower, 0));
	P("strrchr %d %d %d\n", bpf_strrchr(lower, 'e'), bpf_strrchr(lower, 'z'), bpf_strrchr(lower, 0));
	P("strstr %d %d %d %d\n", bpf_strstr(lower, middle), bpf_strstr(lower, absent), bpf_strstr(lower, nothing),
	  bpf_strstr(nothing, lower));
	P("strspn %d %d %d\n", bpf_strspn(lower, other), bpf_strspn(lower, upper), bpf_strspn(lower, nothing));
	P("strcspn %d %d %d\n", bpf_strcspn(lower, other), bpf_strcspn(lower, upper), bpf_strcspn(lower, nothing));
	for (n = 0; n < 15; n++) {
		P("%lu strnchr %d %d %d", n, bpf_strnchr(lower, n, 'e'), bpf_strnchr(lower, n, 'z'),
		  bpf_strnchr(lower, n, 0));
		P(" strnlen %d", bpf_strnlen(lower, n));
		P(" strnstr %d %d %d %d\n", bpf_strnstr(lower, middle, n), bpf_strnstr(lower, absent, n),
		  bpf_strnstr(lower, nothing, n), bpf_strnstr(nothing, lower, n));
	}
	return 0;
}

void *bpf_obj_new_impl(__u64 type, void *meta) __ksym;
void bpf_obj_drop_impl(void *object, void *meta) __ksym;
void *bpf_refcount_acquire_impl(void *object, void *meta) __ksym;

struct bpf_refcount {
	__u32 opaque;
} __attribute__((aligned(4)));

struct counted {
	__u64 number;
	struct bpf_refcount references;
	__u64 more[20];
};

SEC("iter/task")
int objects(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct counted *object, *same;
	struct cell *cell;

	if (ctx->meta->seq_num > 3)
		return 0;
	cell = bpf_obj_new_impl(bpf_core_type_id_local(struct cell), 0);
	if (!cell)
		return 0;
	cell->a = 3;
	cell->b = ctx->meta->seq_num;
	P("cell %llu %llu\n", cell->a, cell->b);
	bpf_obj_drop_impl(cell, 0);
	object = bpf_obj_new_impl(bpf_core_type_id_local(struct counted), 0);
	if (!object)
		return 0;
	object->number = 5;
	object->more[19] = 6;
	same = bpf_refcount_acquire_impl(object, 0);
	bpf_obj_drop_impl(object, 0);
	same->number++;
	P("counted %llu %llu\n", same->number, same->more[19]);
	bpf_obj_drop_impl(same, 0);
	return 0;
}

struct kept {
	struct task_struct __attribute__((btf_type_tag("kptr"))) *task;
	int pid;
};

struct {
	__uint(type, MAP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct kept);
} keeper SEC(".maps");

struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
void bpf_task_release(struct task_struct *task) __ksym;

SEC("iter/task")
int keeps(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task, *held;
	struct kept *kept;
	__u32 zero = 0;

	kept = bpf_map_lookup_elem(&keeper, &zero);
	if (!kept || ctx->meta->seq_num > 4 || !task)
		return 0;
	if (ctx->meta->seq_num == 3) {
		held = bpf_kptr_xchg(&kept->task, 0);
	} else {
		held = bpf_task_acquire(task);
		if (!held)
			return 0;
		held = bpf_kptr_xchg(&kept->task, held);
	}
	P("%llu held %d", ctx->meta->seq_num, !!held);
	P(" the last %d\n", held && held->pid == kept->pid);
	if (held)
		bpf_task_release(held);
	kept->pid = task->pid;
	return 0;
}

int bpf_dynptr_copy(struct bpf_dynptr *into, __u64 at, struct bpf_dynptr *from, __u64 offset, __u64 size) __ksym;
int bpf_dynptr_memset(struct bpf_dynptr *into, __u64 at, __u64 size, __u8 value) __ksym;
void bpf_local_irq_save(unsigned long *flags) __ksym;
void bpf_local_irq_restore(unsigned long *flags) __ksym;

struct {
	__uint(type, MAP_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, char[16]);
} buffers SEC(".maps");

SEC("iter/task")
int dynptrs(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = once(ctx);
	struct bpf_dynptr a, b, none;
	__u32 zero = 0, one = 1, i;
	unsigned long flags;
	char *left, *right;

	if (!seq)
		return 0;
	left = bpf_map_lookup_elem(&buffers, &zero);
	right = bpf_map_lookup_elem(&buffers, &one);
	if (!left || !right)
		return 0;
	bpf_dynptr_from_mem(left, 16, 0, &a);
	bpf_dynptr_from_mem(right, 16, 0, &b);
	bpf_dynptr_from_mem(right, 16, 5, &none);
	P("memset %d %d", bpf_dynptr_memset(&a, 3, 4, 'x'), bpf_dynptr_memset(&a, 14, 4, 'x'));
	P(" %d %d", bpf_dynptr_memset(&a, 16, 0, 'x'), bpf_dynptr_memset(&a, 17, 0, 'x'));
	P(" none %d %d\n", bpf_dynptr_memset(&none, 0, 0, 'x'), bpf_dynptr_memset(&none, 0, 1, 'x'));
	left[9] = 'y';
	P("copy %d %d", bpf_dynptr_copy(&b, 1, &a, 3, 8), bpf_dynptr_copy(&b, 9, &a, 0, 8));
	P(" %d %d", bpf_dynptr_copy(&b, 0, &a, 9, 8), bpf_dynptr_copy(&b, 2, &b, 1, 8));
	P(" none %d %d", bpf_dynptr_copy(&none, 0, &a, 0, 1), bpf_dynptr_copy(&b, 0, &none, 0, 1));
	P(" %d\n", bpf_dynptr_copy(&none, 0, &none, 0, 1));
	bpf_local_irq_save(&flags);
	for (i = 0; i < 16; i++)
		left[i] |= right[i] << 1;
	bpf_local_irq_restore(&flags);
	for (i = 0; i < 16; i++)
		P("%x %x\n", left[i], right[i]);
	return 0;
}
