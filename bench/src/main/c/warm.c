// SPDX-License-Identifier: Apache-2.0
/*
 * The peer of row "warm": libbpf parses vmlinux BTF, loads an object's program, creates its link and closes
 * all of it. Each line of standard input is a number of iterations; the answer is one line with the
 * nanoseconds of each. The first line printed is libbpf's version.
 */
#include "peer.h"
#include <bpf/libbpf.h>

static int quiet(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

static void once(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);

	if (!object)
		fail("open");
	if (bpf_object__load(object))
		fail("load");

	struct bpf_link *link = bpf_program__attach_iter(bpf_object__next_program(object, NULL), NULL);

	if (!link)
		fail("attach");
	bpf_link__destroy(link);
	bpf_object__close(object);
}

int main(int argc, char **argv)
{
	int count;

	if (argc != 2) {
		fprintf(stderr, "usage: %s OBJECT\n", argv[0]);
		return 2;
	}
	libbpf_set_print(quiet);
	printf("%s\n", libbpf_version_string());
	fflush(stdout);
	while (scanf("%d", &count) == 1) {
		while (count-- > 0) {
			long long start = nanos();

			once(argv[1]);
			printf("%lld ", nanos() - start);
		}
		printf("\n");
		fflush(stdout);
	}
	return 0;
}
