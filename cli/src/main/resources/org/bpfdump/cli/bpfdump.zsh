#compdef bpfdump
# SPDX-License-Identifier: Apache-2.0
# Completion of bpfdump for zsh. No JVM is started but for the fields of a target, and where the tree of dumpers cannot say what targets there are.

_bpfdump_nothing() {
  _message 'a value'
}

_bpfdump_files() {
  _files
}

_bpfdump_directories() {
  _files -/
}

_bpfdump_targets() {
  local tree=/sys/fs/bpf/bpfdump
  local -a targets
  if [[ -r $tree ]]; then
    targets=($tree/**/*(N/))
    targets=(${targets#$tree/})
  else
    targets=(${${${(f)"$($service dumper show target 2>/dev/null)"}[2,-1]}%% *})
  fi
  compadd -a "$@" targets
}

_bpfdump_fields() {
  local -a fields more
  [[ -n $line[1] ]] || return
  fields=(${(f)"$($service complete-fields -- $line[1] "${(Q)PREFIX}" 2>/dev/null)"})
  more=(${(M)fields:#*[.\(]})
  fields=(${fields:#*[.\(]})
  compadd -S '' -a "$@" more
  compadd -a "$@" fields
}

_bpfdump_dumpers() {
  local tree=/sys/fs/bpf/bpfdump
  local -a dumpers
  dumpers=($tree/**/*(N^/))
  dumpers=(${dumpers#$tree/})
  compadd -a "$@" dumpers
}

_bpfdump_namespaces() {
  local -a namespaces
  namespaces=(/run/netns/*(N:t))
  compadd -a "$@" namespaces
  _files
}

_bpfdump_users() {
  _users "$@"
}

_bpfdump_groups() {
  _groups "$@"
}

@COMMANDS@
_bpfdump "$@"
