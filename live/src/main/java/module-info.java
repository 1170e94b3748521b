// SPDX-License-Identifier: Apache-2.0
/** The running kernel, through bpf(2). Needs {@code --enable-native-access=org.bpfdump.live}. */
module org.bpfdump.live {
  requires transitive org.bpfdump.core;

  exports org.bpfdump.live;
}
