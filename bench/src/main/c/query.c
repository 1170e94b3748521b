// SPDX-License-Identifier: Apache-2.0
/*
 * The peer of row "query-rows": loads file_paths.bpf.o with libbpf. Each line of standard input is one pass,
 * in which each row is made a struct whose fields are used; the answer is one line: nanoseconds (ITER_CREATE to
 * close), rows, sum. The first line printed is libbpf's version.
 */
#include "peer.h"
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdint.h>

/* As in file_paths.bpf.c; rows follow each other without padding. */
struct row {
	uint32_t tgid;
	uint32_t fd;
	char comm[16];
	uint32_t length; /* of the path that follows, with its NUL */
};

struct open_file {
	int tgid;
	int fd;
	char comm[16];
	const char *path;
};

static char buffer[1 << 20] __attribute__((aligned(4096)));

/* Not inlined: what is made of a row is made. */
static __attribute__((noinline)) uint64_t use(const struct open_file *file)
{
	return (uint64_t)file->tgid + file->fd + strnlen(file->comm, sizeof(file->comm)) + strlen(file->path);
}

static ssize_t next(int iterator, size_t kept)
{
	ssize_t n;

	do {
		n = read(iterator, buffer + kept, sizeof(buffer) - kept);
	} while (n < 0 && errno == EAGAIN);
	if (n < 0)
		fail("read");
	return n;
}

int main(int argc, char **argv)
{
	int go;

	if (argc != 2) {
		fprintf(stderr, "usage: %s OBJECT\n", argv[0]);
		return 2;
	}

	struct bpf_object *object = bpf_object__open_file(argv[1], NULL);

	if (!object || bpf_object__load(object))
		fail("load");

	struct bpf_link *link = bpf_program__attach_iter(bpf_object__next_program(object, NULL), NULL);

	if (!link)
		fail("attach");
	memset(buffer, 1, sizeof(buffer)); /* no page faults later */
	printf("%s\n", libbpf_version_string());
	fflush(stdout);
	while (scanf("%d", &go) == 1) {
		long long start = nanos();
		uint64_t rows = 0, sum = 0;
		size_t kept = 0;
		int iterator = bpf_iter_create(bpf_link__fd(link));

		if (iterator < 0)
			fail("iterator");
		/* A row can be cut by the end of a read. */
		for (ssize_t n; (n = next(iterator, kept)) > 0;) {
			size_t at = 0, end = kept + n;

			while (end - at >= sizeof(struct row)) {
				struct row row;

				memcpy(&row, buffer + at, sizeof(row));
				if (end - at < sizeof(row) + row.length)
					break;

				struct open_file file = {
					.tgid = row.tgid,
					.fd = row.fd,
					.path = row.length ? buffer + at + sizeof(row) : "",
				};

				memcpy(file.comm, row.comm, sizeof(file.comm));
				sum += use(&file);
				rows++;
				at += sizeof(row) + row.length;
			}
			kept = end - at;
			memmove(buffer, buffer + at, kept);
		}
		close(iterator);
		printf("%lld %lu %lu\n", nanos() - start, rows, sum);
		fflush(stdout);
	}
	return 0;
}
