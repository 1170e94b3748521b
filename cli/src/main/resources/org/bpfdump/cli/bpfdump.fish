# SPDX-License-Identifier: Apache-2.0
# Completion of bpfdump for fish. No JVM is started but for the fields of a target, and where the tree of dumpers cannot say what targets there are.

# Whether the words before the cursor are of this command.
function __bpfdump_at
    set -l command bpfdump
    for word in (commandline -opc)[2..-1]
        if contains -- "$command $word" @NAMES@
            set command "$command $word"
        end
    end
    test "$command" = "$argv"
end

function __bpfdump_directories
    __fish_complete_directories (commandline -ct)
end

function __bpfdump_targets
    if string match -q -- '-*' (commandline -ct)
        return # no target begins like that
    end
    set -l tree /sys/fs/bpf/bpfdump
    if test -r $tree
        for path in $tree/**
            test -d $path; and string replace -- $tree/ '' $path
        end
    else
        bpfdump dumper show target 2>/dev/null | string replace -r ' .*' '' | tail -n +2
    end
end

# The target: the first word after the command that is no option.
function __bpfdump_target
    for word in (commandline -opc)[3..-1]
        if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
end

function __bpfdump_fields
    set -l token (commandline -ct)
    set -l target (__bpfdump_target)
    if string match -q -- '-*' $token; or test -z "$target"
        return
    end
    set token (string replace -r '^[\'"]' '' -- $token | string replace -a '\\' '')
    bpfdump complete-fields -- $target "$token" 2>/dev/null
end

function __bpfdump_targets_then_fields
    if test -z (__bpfdump_target)""
        __bpfdump_targets
    else
        __bpfdump_fields
    end
end

function __bpfdump_dumpers
    set -l tree /sys/fs/bpf/bpfdump
    for path in $tree/**
        test -d $path; or string replace -- $tree/ '' $path
    end
end

function __bpfdump_namespaces
    ls /run/netns 2>/dev/null
    __fish_complete_path (commandline -ct)
end

function __bpfdump_users
    __fish_complete_users
end

function __bpfdump_groups
    __fish_complete_groups
end

complete -c bpfdump -f
@COMMANDS@
