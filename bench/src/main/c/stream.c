// SPDX-License-Identifier: Apache-2.0
/*
 * The peer of rows "stream": reads passes over the link of the program of a given name with read(2) into 1 MiB.
 * Each line of standard input is one pass: "sink" writes what it reads to /dev/null, "fields" adds up four
 * fields of every record. The answer is one line: nanoseconds (ITER_CREATE to close), bytes, sum, reads.
 */
#include "peer.h"
#include <bpf/bpf.h>
#include <fcntl.h>
#include <stdint.h>

/* As in open_files.bpf.c. */
struct open_file {
	uint32_t tgid;
	uint32_t pid;
	uint32_t fd;
	uint32_t flags;
	uint64_t inode;
};

static char buffer[1 << 20] __attribute__((aligned(4096)));

static ssize_t next(int iterator, long *reads)
{
	ssize_t n;

	do {
		n = read(iterator, buffer, sizeof(buffer));
		++*reads;
	} while (n < 0 && errno == EAGAIN);
	if (n < 0)
		fail("read");
	return n;
}

/* The newest link whose program has this name. */
static int link_of(const char *program)
{
	int found = -1;

	for (__u32 id = 0; !bpf_link_get_next_id(id, &id);) {
		struct bpf_link_info link = {};
		struct bpf_prog_info prog = {};
		__u32 link_size = sizeof(link), prog_size = sizeof(prog);
		int link_fd = bpf_link_get_fd_by_id(id);

		if (link_fd < 0 || bpf_obj_get_info_by_fd(link_fd, &link, &link_size))
			continue;

		int prog_fd = bpf_prog_get_fd_by_id(link.prog_id);

		if (prog_fd >= 0 && !bpf_obj_get_info_by_fd(prog_fd, &prog, &prog_size) &&
		    !strcmp(prog.name, program)) {
			close(found);
			found = link_fd;
		} else {
			close(link_fd);
		}
		close(prog_fd);
	}
	return found;
}

int main(int argc, char **argv)
{
	char mode[16];

	if (argc != 2) {
		fprintf(stderr, "usage: %s PROGRAM\n", argv[0]);
		return 2;
	}

	int link = link_of(argv[1]);
	int sink = open("/dev/null", O_WRONLY);

	if (link < 0)
		fail("no link of that program");
	if (sink < 0)
		fail("/dev/null");
	memset(buffer, 1, sizeof(buffer)); /* no page faults later */
	while (scanf("%15s", mode) == 1) {
		int fields = !strcmp(mode, "fields");
		long long start = nanos();
		uint64_t bytes = 0, sum = 0;
		long reads = 0;
		int iterator = bpf_iter_create(link);

		if (iterator < 0)
			fail("iterator");
		for (ssize_t n; (n = next(iterator, &reads)) > 0; bytes += n) {
			if (!fields) {
				if (write(sink, buffer, n) != n)
					fail("write");
				continue;
			}
			for (struct open_file *row = (void *)buffer, *end = row + n / sizeof(*row); row < end; row++)
				sum += row->tgid + row->fd + row->flags + row->inode;
		}
		close(iterator);
		printf("%lld %lu %lu %ld\n", nanos() - start, bytes, sum, reads);
		fflush(stdout);
	}
	return 0;
}
