#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Copies a kdump file that QEMU wrote and gives it the names of its kernel: python3 name_kdump.py FROM TO RELEASE

QEMU leaves all of utsname but the machine empty, and libkdumpfile, through which drgn reads, then takes none of it.
"""
import shutil
import sys

SIGNATURE = b"KDUMP   "
UTSNAME = 12  # after the signature and the version of the header
FIELD = 65

source, target, release = sys.argv[1:]
shutil.copyfile(source, target)
with open(target, "r+b") as file:
    if file.read(len(SIGNATURE)) != SIGNATURE:
        sys.exit("name_kdump.py: " + source + " is not a rearranged kdump file")
    for at, name in enumerate(["Linux", "(none)", release, "#1", "x86_64"]):
        file.seek(UTSNAME + FIELD * at)
        file.write(name.encode())
