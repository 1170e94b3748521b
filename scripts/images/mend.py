# SPDX-License-Identifier: Apache-2.0
# mend.py CORE RESULT: gives a core that QEMU wrote of a guest without KASLR and with 5-level page tables the headers that
# kdump would have given it: addresses of the direct map and of the kernel's own map, for tools that go by them.
import shutil
import struct
import sys

DIRECT_MAP = 0xFF11000000000000
KERNEL_MAP = 0xFFFFFFFF80000000
KERNEL_SIZE = 512 << 20

shutil.copyfile(sys.argv[1], sys.argv[2])
with open(sys.argv[2], "r+b") as core:
    header = bytearray(core.read(64))
    (first,) = struct.unpack_from("<Q", header, 32)
    (count,) = struct.unpack_from("<H", header, 56)
    core.seek(first)
    segments = [list(struct.unpack("<IIQQQQQQ", core.read(56))) for _ in range(count)]
    kernel = None
    for segment in segments:
        if segment[0] == 1:
            if segment[4] == 0:
                size = min(segment[5], KERNEL_SIZE)
                kernel = [1, 7, segment[2], KERNEL_MAP, 0, size, size, 0]
            segment[3] = DIRECT_MAP + segment[4]
    segments.append(kernel)
    # At the end, where there is room for one more; the section headers are of no use to anyone.
    core.seek(0, 2)
    struct.pack_into("<Q", header, 32, core.tell())
    struct.pack_into("<Q", header, 40, 0)
    struct.pack_into("<HHHHHH", header, 52, 64, 56, len(segments), 0, 0, 0)
    for segment in segments:
        core.write(struct.pack("<IIQQQQQQ", *segment))
    core.seek(0)
    core.write(header)
