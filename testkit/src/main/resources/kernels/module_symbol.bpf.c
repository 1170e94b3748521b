// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The address of a function of the bridge module. */
#include "../fixtures/fixture.h"

extern const void br_add_bridge __ksym;

FIRST_TASK(prints)
{
	BPF_SEQ_PRINTF(seq, "%lx\n", (unsigned long)&br_add_bridge);
}
