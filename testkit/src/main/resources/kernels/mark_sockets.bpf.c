// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Pins a socket storage map. The first program gives each listening TCP socket a value in it, its port; the second needs
 * nothing that kernels before 5.11 lack, and leaves it empty.
 */
#include "../fixtures/fixture.h"

#define TCP_LISTEN 10
#define STORAGE_GET_F_CREATE 1

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sock_common {
	unsigned char skc_state;
	__u16 skc_num;
};

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
};

#pragma clang attribute pop

struct {
	__uint(type, MAP_SK_STORAGE);
	__uint(map_flags, F_NO_PREALLOC);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, int);
	__type(value, __u32);
} marks SEC(".maps");

SEC("iter/tcp")
int mark(struct bpf_iter__tcp *ctx)
{
	struct sock_common *skc = ctx->sk_common;
	__u32 *port;

	if (!skc || skc->skc_state != TCP_LISTEN)
		return 0;
	port = bpf_sk_storage_get(&marks, skc, 0, STORAGE_GET_F_CREATE);
	if (port)
		*port = skc->skc_num;
	return 0;
}

SEC("iter/task")
int only_pin(struct bpf_iter__task *ctx)
{
	asm volatile("" : : "r"(&marks));
	return 0;
}
