#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What mount(8) runs for "mount -t bpfdump SPEC DIR"; put here by "bpfdump install".
bpfdump=@COMMAND@

if [ $# -lt 2 ]; then
  echo 'usage: mount.bpfdump SPEC DIR [-sfnv] [-N NAMESPACE] [-o OPTIONS] [-t TYPE]' >&2
  exit 1
fi
directory=$2
shift 2
flags=
options=
namespace=
while getopts sfnvN:o:t: flag; do
  case $flag in
    N) namespace=$OPTARG ;;
    o) options=$OPTARG ;;
    t) ;;
    \?) exit 1 ;;
    *) flags="$flags -$flag" ;;
  esac
done
# shellcheck disable=SC2086 # a list of words
set -- "$bpfdump" mount $flags ${options:+-o "$options"} -- "$directory"
[ -z "$namespace" ] || set -- nsenter --mount="$namespace" -- "$@"
"$@" || exit 32 # "mount failure", as mount(8) has it
