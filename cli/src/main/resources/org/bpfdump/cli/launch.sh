# SPDX-License-Identifier: Apache-2.0
# How the JVM is started, for a checkout's launcher and for the installed one. "image" is the run-time image.

# Start fast, stay small: the nursery holds what a short run allocates, so that it ends before its first collection, and
# pages never touched cost nothing; only what runs ten times as often as usual is worth compiling. Whatever the JVM
# itself has to say stays out of a dump.
flags='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=10 -Xms32m -Xmn24m -Xmx256m
  -XX:-UsePerfData -Xlog:disable -XX:+DisplayVMOutputToStderr --enable-native-access=org.bpfdump.live'
main=org.bpfdump.cli/org.bpfdump.cli.Main
# File names and kernel text are UTF-8 whatever the terminal speaks; Java would lose them in the C locale.
export LC_ALL=C.UTF-8

launch() {
  exec "$image/bin/java" -XX:AOTCache="$image/bpfdump.aot" $flags -m "$main" "$@"
}
