// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What open-coded iterators and look-ups find, beside what the target or the kernel's own text says of the same. */
#include "../../../../../testkit/src/main/resources/fixtures/fixture.h"

#define P(...) BPF_SEQ_PRINTF(ctx->meta->seq, __VA_ARGS__)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct mm_struct {
	unsigned long start_code;
	unsigned long arg_start;
};
struct task_struct___mm {
	struct mm_struct *mm;
};
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
};
struct kernfs_node {
	__u64 id;
	const char *name;
};
struct cgroup_subsys_state {
	int id;
};
struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
};
struct bpf_iter__cgroup {
	struct bpf_iter_meta *meta;
	struct cgroup *cgroup;
};
struct kmem_cache {
	const char *name;
};
struct bpf_iter__kmem_cache {
	struct bpf_iter_meta *meta;
	struct kmem_cache *s;
};
struct dma_buf {
	unsigned long size;
};
struct bpf_iter__dmabuf {
	struct bpf_iter_meta *meta;
	struct dma_buf *dmabuf;
};
struct bpf_map {
	__u32 id;
};
struct bpf_iter__bpf_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
};
#pragma clang attribute pop

struct area {
	__u64 start;
	__u64 end;
	int calls;
};

static long look(struct task_struct *task, struct vm_area_struct *area, struct area *found)
{
	found->start = area->vm_start;
	found->end = area->vm_end;
	found->calls++;
	return 1;
}

/* The area that a process's code is in, those of an address where none is, and what is refused. */
SEC("iter/task")
int areas(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct area found = {};
	struct mm_struct *mm;
	__u64 code = 0;
	long result;

	if (!task)
		return 0;
	mm = ((struct task_struct___mm *)task)->mm;
	if (mm)
		code = mm->start_code;
	result = bpf_find_vma(task, code, look, &found, 0);
	P("%d %d %llx ", task->pid, result, code);
	P("%llx %llx %d ", found.start, found.end, found.calls);
	P("%d %d\n", bpf_find_vma(task, 1, look, &found, 0), bpf_find_vma(task, code, look, &found, 1));
	return 0;
}

struct bpf_iter_kmem_cache {
	__u64 opaque[1];
} __attribute__((aligned(8)));

int bpf_iter_kmem_cache_new(struct bpf_iter_kmem_cache *it) __ksym;
struct kmem_cache *bpf_iter_kmem_cache_next(struct bpf_iter_kmem_cache *it) __ksym;
void bpf_iter_kmem_cache_destroy(struct bpf_iter_kmem_cache *it) __ksym;

SEC("iter/kmem_cache")
int caches(struct bpf_iter__kmem_cache *ctx)
{
	struct kmem_cache *s = ctx->s;

	if (s)
		P("%llx %s\n", (__u64)s, s->name);
	return 0;
}

SEC("iter.s/task")
int caches_by_hand(struct bpf_iter__task *ctx)
{
	struct bpf_iter_kmem_cache it;
	struct kmem_cache *s;

	if (!once(ctx))
		return 0;
	bpf_iter_kmem_cache_new(&it);
	while ((s = bpf_iter_kmem_cache_next(&it)))
		P("%llx %s\n", (__u64)s, s->name);
	bpf_iter_kmem_cache_destroy(&it);
	return 0;
}

struct bpf_iter_dmabuf {
	__u64 opaque[1];
} __attribute__((aligned(8)));

int bpf_iter_dmabuf_new(struct bpf_iter_dmabuf *it) __ksym;
struct dma_buf *bpf_iter_dmabuf_next(struct bpf_iter_dmabuf *it) __ksym;
void bpf_iter_dmabuf_destroy(struct bpf_iter_dmabuf *it) __ksym;

SEC("iter/dmabuf")
int buffers(struct bpf_iter__dmabuf *ctx)
{
	struct dma_buf *buffer = ctx->dmabuf;

	if (buffer)
		P("%llx %lu\n", (__u64)buffer, buffer->size);
	return 0;
}

SEC("iter.s/task")
int buffers_by_hand(struct bpf_iter__task *ctx)
{
	struct bpf_iter_dmabuf it;
	struct dma_buf *buffer;

	if (!once(ctx))
		return 0;
	bpf_iter_dmabuf_new(&it);
	while ((buffer = bpf_iter_dmabuf_next(&it)))
		P("%llx %lu\n", (__u64)buffer, buffer->size);
	bpf_iter_dmabuf_destroy(&it);
	return 0;
}

struct bpf_iter_css_task {
	__u64 opaque[1];
} __attribute__((aligned(8)));

int bpf_iter_css_task_new(struct bpf_iter_css_task *it, struct cgroup_subsys_state *css, unsigned int flags) __ksym;
struct task_struct *bpf_iter_css_task_next(struct bpf_iter_css_task *it) __ksym;
void bpf_iter_css_task_destroy(struct bpf_iter_css_task *it) __ksym;

static __always_inline int members(struct bpf_iter__cgroup *ctx, int flags)
{
	struct cgroup *cgroup = ctx->cgroup;
	struct bpf_iter_css_task it;
	struct task_struct *task;

	if (!cgroup)
		return 0;
	if (bpf_iter_css_task_new(&it, &cgroup->self, flags))
		P("refused\n");
	while ((task = bpf_iter_css_task_next(&it)))
		P("%s:%d\n", cgroup->kn->name, task->pid);
	bpf_iter_css_task_destroy(&it);
	return 0;
}

SEC("iter/cgroup")
int threads(struct bpf_iter__cgroup *ctx)
{
	return members(ctx, 0);
}

SEC("iter/cgroup")
int processes(struct bpf_iter__cgroup *ctx)
{
	return members(ctx, 3);
}

SEC("iter/cgroup")
int neither(struct bpf_iter__cgroup *ctx)
{
	return members(ctx, 2);
}

struct cgroup *bpf_cgroup_from_id(__u64 id) __ksym;
void bpf_cgroup_release(struct cgroup *cgroup) __ksym;
struct cgroup *bpf_task_get_cgroup1(struct task_struct *task, int hierarchy) __ksym;

SEC("iter/cgroup")
int by_id(struct bpf_iter__cgroup *ctx)
{
	struct cgroup *cgroup = ctx->cgroup;
	struct cgroup *found;
	__u64 id;

	if (!cgroup)
		return 0;
	id = cgroup->kn->id;
	found = bpf_cgroup_from_id(id);
	P("%d", found == cgroup);
	if (found)
		bpf_cgroup_release(found);
	found = bpf_cgroup_from_id(id + (1ull << 40));
	P(" %d\n", !!found);
	if (found)
		bpf_cgroup_release(found);
	return 0;
}

SEC("iter/task")
int old_hierarchies(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct cgroup *found;
	int i;

	if (!task)
		return 0;
	P("%d", task->pid);
	for (i = 0; i < 64; i++) {
		found = bpf_task_get_cgroup1(task, i);
		if (!found)
			continue;
		P(" %s", found->kn->name);
		bpf_cgroup_release(found);
	}
	P("\n");
	return 0;
}

__s64 bpf_map_sum_elem_count(const struct bpf_map *map) __ksym;

SEC("iter/bpf_map")
int elements(struct bpf_iter__bpf_map *ctx)
{
	struct bpf_map *map = ctx->map;

	if (map)
		P("%u %lld\n", map->id, bpf_map_sum_elem_count(map));
	return 0;
}

int bpf_copy_from_user_task_str(void *into, __u32 room, const void *from, struct task_struct *task, __u64 flags) __ksym;
int bpf_copy_from_user_str(void *into, __u32 room, const void *from, __u64 flags) __ksym;

/* A process's first argument: its bytes, then as text with more room than it needs, and with less. */
SEC("iter.s/task")
int arguments(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	char bytes[48] = {}, text[48], part[4];
	struct mm_struct *mm;
	const void *from;
	int i, same = 1;
	long result;

	if (!task)
		return 0;
	mm = ((struct task_struct___mm *)task)->mm;
	if (!mm)
		return 0;
	from = (const void *)mm->arg_start;
	__builtin_memset(text, 'x', sizeof(text));
	__builtin_memset(part, 'x', sizeof(part));
	result = bpf_copy_from_user_task(bytes, sizeof(bytes) - 1, from, task, 0);
	P("%d %ld %d ", task->pid, result, bpf_copy_from_user_task_str(text, sizeof(text), from, task, 1));
	P("%d ", bpf_copy_from_user_task_str(part, sizeof(part), from, task, 0));
	P("%d ", bpf_copy_from_user_task_str(part, sizeof(part), from, task, 2));
	P("%d ", bpf_copy_from_user_task_str(part, 0, from, task, 0));
	P("%x %x %x %x ", part[0], part[1], part[2], part[3]);
	P("%d %d", text[46], text[47]);
	for (i = 0; i < sizeof(bytes) && bytes[i]; i++)
		same &= bytes[i] == text[i];
	P(" %d %d %s\n", same, i, text);
	return 0;
}
