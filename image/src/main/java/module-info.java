// SPDX-License-Identifier: Apache-2.0
/** The memory image of a kernel, crashed or snapshotted: its targets, walked in the JVM. */
module org.bpfdump.image {
  requires transitive org.bpfdump.core;

  exports org.bpfdump.image;

  uses org.bpfdump.image.walk.ImageTarget;
}
