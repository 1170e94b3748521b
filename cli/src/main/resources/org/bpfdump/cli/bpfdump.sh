#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The bpfdump command, put here by "bpfdump install"; "bpfdump uninstall" takes it away.
self=$0
case $self in */*) ;; *) self=./$self ;; esac
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
image=${self%/*}/../lib/bpfdump/@IMAGE@
@LAUNCH@
launch "$@"
