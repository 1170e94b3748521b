#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What bpfdump does over an image, by drgn: python3 drgn_files.py IMAGE VMLINUX first|names|serve

first prints the first process, names every open file as "tgid fd name" with tabs between. serve prints
drgn's version, then answers a line "names" or "paths" with nanoseconds of a walk within this process, its
rows, and the sum of their numbers and lengths of texts.
"""
import sys
import time

import drgn
from drgn.helpers.linux import d_path, for_each_file, for_each_task


def files(prog, full):
    for task in for_each_task(prog):
        table = task.files.value_()
        # As the kernel's iterator does: threads that share their process's descriptors are not shown again.
        if not table or (task.pid.value_() != task.tgid.value_() and table == task.group_leader.files.value_()):
            continue
        tgid = task.tgid.value_()
        for fd, file in for_each_file(task):
            if full:
                yield tgid, fd, d_path(file.f_path.address_of_())
            else:
                yield tgid, fd, file.f_path.dentry.d_name.name.string_()


def serve(prog):
    print(getattr(drgn, "__version__", "") or "of unknown version", flush=True)
    for line in sys.stdin:
        start = time.perf_counter_ns()
        rows = total = 0
        for tgid, fd, name in files(prog, line.strip() == "paths"):
            rows += 1
            total += tgid + fd + len(name)
        print(time.perf_counter_ns() - start, rows, total, flush=True)


def main():
    image, vmlinux, what = sys.argv[1:]
    prog = drgn.Program()
    prog.set_core_dump(image)
    prog.load_debug_info([vmlinux])
    if what == "serve":
        serve(prog)
    elif what == "first":
        for task in for_each_task(prog):
            print(task.tgid.value_(), task.pid.value_(), task.comm.string_().decode(errors="replace"))
            break
    else:
        out = sys.stdout.buffer
        for tgid, fd, name in files(prog, False):
            out.write(b"%d\t%d\t%s\n" % (tgid, fd, name))


main()
