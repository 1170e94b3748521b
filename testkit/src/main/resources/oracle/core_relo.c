// SPDX-License-Identifier: Apache-2.0
/*
 * What libbpf makes of the CO-RE relocations of each program of an object: core_relo OBJECT BTF
 *
 * Prints a line for each program, "NAME refused" or "NAME" and its instructions after relocation, eight bytes of hex
 * each. Whether the kernel then takes the program does not matter.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>

static int relocated;
static int verbose;

static int listen(enum libbpf_print_level level, const char *format, va_list args)
{
	char line[4096];

	(void)level;
	vsnprintf(line, sizeof(line), format, args);
	if (verbose)
		fputs(line, stderr);
	if (strstr(line, "failed to relocate") || strstr(line, "failed to patch insn"))
		relocated = -1;
	/* What fails after the relocations, when they all worked. */
	if (relocated == 0 &&
	    (strstr(line, "failed to prepare load attributes") || strstr(line, "BPF program load failed")))
		relocated = 1;
	return 0;
}

static int show(const char *object, const char *btf, const char *name)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = btf);
	struct bpf_object *opened = bpf_object__open_file(object, &options);
	struct bpf_program *program, *chosen = NULL;
	const unsigned char *bytes;
	struct bpf_map *map;
	size_t i;

	if (!opened)
		return 1;
	bpf_object__for_each_program(program, opened) {
		int is_it = !strcmp(bpf_program__name(program), name);

		bpf_program__set_autoload(program, is_it);
		if (is_it)
			chosen = program;
	}
	/* Where a bpffs is mounted, a pinned map would stay. */
	bpf_object__for_each_map(map, opened)
		bpf_map__set_pin_path(map, NULL);
	relocated = 0;
	if (bpf_object__load(opened) == 0)
		relocated = 1;
	if (relocated == 0)
		printf("%s unknown\n", name);
	else if (relocated < 0)
		printf("%s refused\n", name);
	else {
		printf("%s", name);
		bytes = (const unsigned char *)bpf_program__insns(chosen);
		for (i = 0; i < bpf_program__insn_cnt(chosen) * 8; i++)
			printf(i % 8 ? "%02x" : " %02x", bytes[i]);
		printf("\n");
	}
	bpf_object__close(opened);
	return 0;
}

int main(int argc, char **argv)
{
	struct bpf_program *program;
	struct bpf_object *opened;
	int failed = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: %s OBJECT BTF\n", argv[0]);
		return 2;
	}
	verbose = getenv("VERBOSE") != NULL;
	libbpf_set_print(listen);
	opened = bpf_object__open_file(argv[1], NULL);
	if (!opened) {
		printf("! cannot be opened\n");
		return 0;
	}
	bpf_object__for_each_program(program, opened)
		failed |= show(argv[1], argv[2], bpf_program__name(program));
	bpf_object__close(opened);
	return failed;
}
