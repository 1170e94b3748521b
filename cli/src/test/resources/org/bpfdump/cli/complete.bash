# SPDX-License-Identifier: Apache-2.0
# complete.bash FILE WORD...: what bash offers for the last word, by the completion of a file.
set -u
source "$1"
shift
read -r _ _ function _ <<<"$(complete -p bpfdump)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
"$function" bpfdump "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort
