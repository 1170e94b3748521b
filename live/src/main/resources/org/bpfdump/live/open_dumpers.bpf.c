// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Every open descriptor of a BPF iterator, in records that OpenDumperRecords.java reads: a struct
 * record each, and where the flags say so its path.
 *
 * What is declared here of the kernel is found by name in the running kernel's BTF; order means
 * nothing.
 */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef _Bool bool;

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define COMM 16	   /* TASK_COMM_LEN */
#define OBJECT 16  /* BPF_OBJ_NAME_LEN */
#define TARGET 64  /* the longest has 18 */
#define NAME 256   /* NAME_MAX, and its end */
#define DEPTH 24   /* so much of a path is written; 32 KiB hold it five times */
#define PROCESS 1  /* PIDTYPE_TGID */

#define HAS_PATH 1 /* the names of its path follow, the file's own first */
#define REMOVED 2  /* the file has no name any more */
#define ENDED 4	   /* the walk has come to its end */

struct record {
	__u64 files;	/* address of the table that the descriptor is in */
	__u64 session;
	__u64 passed;	/* objects that the walk has left behind */
	__u32 process;	/* numbers of the reader's pid namespace */
	__u32 thread;
	__u32 fd;
	__u32 program;
	__u32 link;	/* 0 where no file was opened */
	__u32 flags;
	char comm[COMM];
	char program_name[OBJECT];
	char target[TARGET];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct qstr {
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct inode {
	void *i_private;
};

struct file {
	const void *f_op;
	void *private_data;
	struct inode *f_inode;
	struct path f_path;
};

struct seq_file {
	const struct file *file;
	void *private;
};

struct bpf_iter_reg {
	const char *target;
};

struct bpf_iter_target_info {
	const struct bpf_iter_reg *reg_info;
};

struct bpf_prog_aux {
	__u32 id;
	char name[OBJECT];
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct bpf_link {
	__u32 id;
};

struct bpf_iter_link {
	struct bpf_link link;
};

/* What an iterator's seq_file has before the private part of its target. */
struct bpf_iter_priv_data {
	struct bpf_iter_target_info *tinfo;
	struct bpf_prog *prog;
	__u64 session_id;
	__u64 seq_num;
	bool done_stop;
	__u8 target_private[0];
};

struct pid_namespace {
	unsigned int level;
};

struct upid {
	int nr;
};

struct pid {
	struct upid numbers[1];
};

struct signal_struct {
	struct pid *pids[4];
};

struct task_struct {
	char comm[COMM];
	struct files_struct *files;
	struct pid *thread_pid;
	struct signal_struct *signal;
};

/* The private part of this dumper's own target. */
struct bpf_iter_seq_task_common {
	struct pid_namespace *ns;
};

struct bpf_iter_seq_task_file_info {
	struct bpf_iter_seq_task_common common;
};

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd __attribute__((aligned(8)));
	struct file *file;
};

#pragma clang attribute pop

static __always_inline int number(const struct pid *pid, __u32 level)
{
	const void *numbers = (const void *)pid + bpf_core_field_offset(struct pid, numbers);
	const struct upid *upid = numbers + level * bpf_core_type_size(struct upid);

	return pid ? BPF_CORE_READ(upid, nr) : 0;
}

static __always_inline struct mount *mount_of(const struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/*
 * Writes the names from the file up to the root of its mount namespace, and an empty one; or the name
 * "/" where there are more. bpf_d_path does less: it came later than iterators, and appends words to
 * the path of a removed file that could as well be its name.
 */
static __always_inline long write_path(struct seq_file *seq, const struct file *file)
{
	struct mount *mnt = mount_of(BPF_CORE_READ(file, f_path.mnt));
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	char name[NAME] = {};
	char end = '/';
	long err = 0;

	for (int i = 0; i < DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);

		if (dentry == BPF_CORE_READ(mnt, mnt.mnt_root)) {
			struct mount *below = BPF_CORE_READ(mnt, mnt_parent);

			if (below == mnt) {
				end = 0;
				break;
			}
			dentry = BPF_CORE_READ(mnt, mnt_mountpoint);
			mnt = below;
			continue;
		}
		if (!parent || dentry == parent) {
			end = 0;
			break;
		}
		bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(dentry, d_name.name));
		err |= bpf_seq_write(seq, name, sizeof(name));
		dentry = parent;
	}
	name[0] = end;
	name[1] = 0;
	return err | bpf_seq_write(seq, name, sizeof(name));
}

SEC("iter/task_file")
int open_dumpers(struct bpf_iter__task_file *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct record r = {};
	long err;

	/* This program is read through such a descriptor itself: so those are its file operations. */
	if (!task || !file || file->f_op != seq->file->f_op || (const void *)file == seq->file)
		return 0;

	const struct seq_file *other = file->private_data;
	const struct bpf_iter_priv_data *data =
		BPF_CORE_READ(other, private) - bpf_core_field_offset(struct bpf_iter_priv_data, target_private);
	const struct bpf_iter_seq_task_file_info *own = seq->private;
	__u32 level = BPF_CORE_READ(own, common.ns, level);

	r.process = number(BPF_CORE_READ(task, signal, pids[PROCESS]), level);
	if (!r.process) /* it has ended meanwhile */
		return 0;
	r.thread = number(BPF_CORE_READ(task, thread_pid), level);
	r.files = (__u64)BPF_CORE_READ(task, files);
	r.fd = ctx->fd;
	r.session = BPF_CORE_READ(data, session_id);
	r.passed = BPF_CORE_READ(data, seq_num);
	if (BPF_CORE_READ(data, done_stop))
		r.flags |= ENDED;
	BPF_CORE_READ_STR_INTO(&r.comm, task, comm);
	BPF_CORE_READ_STR_INTO(&r.program_name, data, prog, aux, name);
	r.program = BPF_CORE_READ(data, prog, aux, id);
	bpf_probe_read_kernel_str(r.target, sizeof(r.target), BPF_CORE_READ(data, tinfo, reg_info, target));

	/* A file in a bpffs has its link there; the inode that anonymous ones share has nothing. */
	const struct bpf_iter_link *link = BPF_CORE_READ(file, f_inode, i_private);

	if (link) {
		r.link = BPF_CORE_READ(link, link.id);
		r.flags |= HAS_PATH;
		if (!BPF_CORE_READ(file, f_path.dentry, d_hash.pprev))
			r.flags |= REMOVED;
	}
	err = bpf_seq_write(seq, &r, sizeof(r));
	if (link)
		err |= write_path(seq, file);
	return err != 0; /* the same again, when there is room */
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
