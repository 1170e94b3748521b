# SPDX-License-Identifier: Apache-2.0
# mend.py CORE RESULT: gives a core that QEMU wrote of a guest without KASLR the headers that kdump would have given it:
# addresses of the direct map and of the kernel's own map, for tools that go by them. They stand right after the header,
# where those tools look.
import shutil
import struct
import sys

DIRECT_MAPS = {b"0": 0xFFFF888000000000, b"1": 0xFF11000000000000}  # by whether page tables have five levels
LEVELS = b"NUMBER(pgtable_l5_enabled)="
KERNEL_MAP = 0xFFFFFFFF80000000
KERNEL_SIZE = 512 << 20
ROOM = 4096
NOTE, LOAD = 4, 1

with open(sys.argv[1], "rb") as core:
    header = bytearray(core.read(64))
    (first,) = struct.unpack_from("<Q", header, 32)
    (count,) = struct.unpack_from("<H", header, 56)
    core.seek(first)
    segments = [list(struct.unpack("<IIQQQQQQ", core.read(56))) for _ in range(count)]
    notes = b""
    for kind, _, offset, _, _, size, _, _ in segments:
        if kind == NOTE:
            core.seek(offset)
            notes += core.read(size)
    at = notes.index(LEVELS) + len(LEVELS)
    direct_map = DIRECT_MAPS[notes[at : at + 1]]
    kernel = None
    for segment in segments:
        segment[2] += ROOM
        if segment[0] == LOAD:
            if segment[4] == 0:
                size = min(segment[5], KERNEL_SIZE)
                kernel = [LOAD, 7, segment[2], KERNEL_MAP, 0, size, size, 0]
            segment[3] = direct_map + segment[4]
    segments.append(kernel)
    struct.pack_into("<QQ", header, 32, len(header), 0)
    # The section headers are of no use to anyone.
    struct.pack_into("<HHHHHH", header, 52, 64, 56, len(segments), 0, 0, 0)
    for segment in segments:
        header += struct.pack("<IIQQQQQQ", *segment)
    with open(sys.argv[2], "wb") as result:
        result.write(header.ljust(ROOM, b"\0"))
        core.seek(0)
        shutil.copyfileobj(core, result, 1 << 20)
