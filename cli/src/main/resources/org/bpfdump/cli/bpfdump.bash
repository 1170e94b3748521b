# SPDX-License-Identifier: Apache-2.0
# Completion of bpfdump for bash. No JVM is started but for the fields of a target, and where the tree of dumpers cannot say what targets there are.

# Sets what a command takes: commands, options, values (--option=kind, or =|choice|choice) and kinds of operands.
_bpfdump_command() {
  case $1 in
@COMMANDS@
  esac
}

# Prints what is below the tree of dumpers, directories with a slash at the end.
_bpfdump_tree() {
  (
    shopt -s globstar nullglob
    cd /sys/fs/bpf/bpfdump 2>/dev/null || exit
    for path in **; do
      [[ ! -d $path ]] || path+=/
      printf '%s\n' "$path"
    done
  )
}

_bpfdump_targets() {
  if [[ -r /sys/fs/bpf/bpfdump ]]; then
    _bpfdump_tree | sed -n 's|/$||p'
  else
    "${COMP_WORDS[0]}" dumper show target 2>/dev/null | sed -n '2,$s/ .*//p'
  fi
}

_bpfdump_dumpers() {
  _bpfdump_tree | sed '/\/$/d'
}

_bpfdump_namespaces() {
  ls /run/netns 2>/dev/null
}

# Offers what a piece of a query can become. Inside quotes it is put out as it is; after a point more will follow.
_bpfdump_fields() {
  local word quote=
  [[ $target ]] || return
  if [[ $cur == [\'\"]* ]]; then
    quote=${cur:0:1} cur=${cur:1}
  else
    cur=${cur//\\/}
  fi
  while IFS= read -r word; do
    [[ $word != *[.\(] ]] || compopt -o nospace 2>/dev/null
    [[ $quote || $word != *[^A-Za-z0-9_.,]* ]] || printf -v word %q "$word"
    COMPREPLY+=("$word")
  done < <("${COMP_WORDS[0]}" complete-fields -- "$target" "$cur" 2>/dev/null)
}

# Offers those of the lines on its input that begin with the word to complete.
_bpfdump_offer() {
  local word
  while IFS= read -r word; do
    if [[ $word && $word == "$cur"* ]]; then
      printf -v word %q "$word"
      COMPREPLY+=("$word")
    fi
  done
}

_bpfdump_kind() {
  case $1 in
    files)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      ;;
    directories)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      ;;
    fields) _bpfdump_fields ;;
    targets | dumpers) _bpfdump_offer < <("_bpfdump_$1") ;;
    namespaces)
      _bpfdump_offer < <(_bpfdump_namespaces)
      if [[ $cur == */* ]]; then
        _bpfdump_kind files
      fi
      ;;
    users) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
    groups) mapfile -t COMPREPLY < <(compgen -g -- "$cur") ;;
    \|*) _bpfdump_offer < <(printf '%s\n' "${1//|/$'\n'}") ;;
  esac
}

_bpfdump() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
  local command=bpfdump commands options values operands
  local word rest target='' kind='' skip='' count=0 plain='' i
  COMPREPLY=()
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _bpfdump_command "$command"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $skip ]]; then
      [[ $word == = ]] || skip=
    elif [[ $plain ]]; then
      [[ $count != 0 ]] || target=$word
      count=$((count + 1))
    elif [[ $word == -- ]]; then
      plain=1
    elif [[ $word == -* ]]; then
      [[ $values != *" $word="* ]] || skip=1
    elif [[ " $commands " == *" $word "* ]]; then
      command+=" $word"
      _bpfdump_command "$command"
    else
      [[ $count != 0 ]] || target=$word
      count=$((count + 1))
    fi
  done

  rest=${values#*" $prev="}
  if [[ ! $plain && $prev == -* && $rest != "$values" ]]; then
    _bpfdump_kind "${rest%% *}"
  elif [[ ! $plain && $cur == -* ]]; then
    _bpfdump_offer < <(printf '%s\n' "${options// /$'\n'}")
  elif [[ $commands ]]; then
    _bpfdump_offer < <(printf '%s\n' "${commands// /$'\n'}")
  else
    for word in $operands; do
      if [[ $word == ... ]]; then
        break
      fi
      kind=$word
      if [[ $count == 0 ]]; then
        break
      fi
      count=$((count - 1))
      [[ $operands == *... ]] || kind=
    done
    _bpfdump_kind "$kind"
  fi
}

complete -F _bpfdump bpfdump
