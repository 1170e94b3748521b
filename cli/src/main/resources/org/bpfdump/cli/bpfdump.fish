# SPDX-License-Identifier: Apache-2.0
# Completion of bpfdump for fish. No JVM is started but where the tree of dumpers cannot say what targets there are.

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
