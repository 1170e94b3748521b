// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import org.bpfdump.error.RequestException;

/**
 * How the tree is shown at one place, in the words of mount(8). Unless told otherwise that is
 * {@code nosuid,nodev,noexec}, and read-write.
 *
 * @param set flags to set: {@code MOUNT_ATTR_...} of {@code include/uapi/linux/mount.h}
 * @param clear flags to clear
 * @param remount whether what is mounted is changed, instead of mounting
 */
public record MountOptions(long set, long clear, boolean remount) {
  static final long READ_ONLY = 0x1;

  private static final long NO_SUID = 0x2;
  private static final long NO_DEVICES = 0x4;
  private static final long NO_EXECUTION = 0x8;
  private static final long ACCESS_TIMES = 0x70; // one number, of which relatime is 0
  private static final long NO_ACCESS_TIME = 0x10;
  private static final long STRICT_ACCESS_TIME = 0x20;
  private static final long NO_DIRECTORY_TIME = 0x80;
  private static final long NO_LINKS = 0x200000;

  /** What is set where nothing is said. */
  public static final MountOptions DEFAULTS = new MountOptions(0, 0, false);

  /**
   * Reads a list of options. The later of two that contradict each other counts. Those that tell
   * only mount(8), systemd or a network file system something are passed over.
   *
   * @param list words with commas between them, as in the fourth field of {@code /etc/fstab}
   * @param sloppy whether an option that nobody knows is passed over as well
   * @throws RequestException when there is one that nobody knows
   */
  public static MountOptions parse(String list, boolean sloppy) {
    MountOptions options = DEFAULTS;
    for (String word : list.split(",")) {
      options =
          switch (word) {
            case "rw" -> options.without(READ_ONLY);
            case "ro" -> options.with(READ_ONLY);
            case "suid" -> options.without(NO_SUID);
            case "nosuid" -> options.with(NO_SUID);
            case "dev" -> options.without(NO_DEVICES);
            case "nodev" -> options.with(NO_DEVICES);
            case "exec" -> options.without(NO_EXECUTION);
            case "noexec" -> options.with(NO_EXECUTION);
            case "noatime" -> options.without(ACCESS_TIMES).with(NO_ACCESS_TIME);
            case "strictatime" -> options.without(ACCESS_TIMES).with(STRICT_ACCESS_TIME);
            case "atime", "relatime", "norelatime", "nostrictatime" ->
                options.without(ACCESS_TIMES);
            case "diratime" -> options.without(NO_DIRECTORY_TIME);
            case "nodiratime" -> options.with(NO_DIRECTORY_TIME);
            case "symfollow" -> options.without(NO_LINKS);
            case "nosymfollow" -> options.with(NO_LINKS);
            case "remount" -> new MountOptions(options.set, options.clear, true);
            default -> {
              if (sloppy || saysNothing(word)) {
                yield options;
              }
              throw new RequestException(
                  "unknown mount option " + word + ": leave it out, or pass over such ones (-s)");
            }
          };
    }
    return options;
  }

  /** Whether a word is for others: who may mount and when, and what a disk would do. */
  private static boolean saysNothing(String word) {
    return switch (word) {
      case "",
          "defaults",
          "auto",
          "noauto",
          "nofail",
          "user",
          "nouser",
          "users",
          "nousers",
          "owner",
          "noowner",
          "group",
          "nogroup",
          "_netdev",
          "async",
          "sync",
          "dirsync",
          "lazytime",
          "nolazytime",
          "iversion",
          "noiversion",
          "mand",
          "nomand",
          "silent",
          "loud" ->
          true;
      default ->
          word.startsWith("x-")
              || word.startsWith("X-")
              || word.startsWith("comment=")
              || word.startsWith("user=");
    };
  }

  private MountOptions with(long flag) {
    return new MountOptions(set | flag, clear & ~flag, remount);
  }

  private MountOptions without(long flag) {
    return new MountOptions(set & ~flag, clear | flag, remount);
  }

  /** The same for a new mount: with what is set where nothing is said. */
  MountOptions forNew() {
    long usual = (NO_SUID | NO_DEVICES | NO_EXECUTION) & ~clear;
    return new MountOptions(set | usual, clear, remount);
  }

  boolean readOnly() {
    return (set & READ_ONLY) != 0;
  }

  /** What the kernel must be told to clear: all of the access time when any of it is set. */
  long toClear() {
    return clear | ((set & ACCESS_TIMES) != 0 ? ACCESS_TIMES : 0);
  }

  /**
   * The flags of mount(2) for a kernel older than mount_setattr(2), which knows these by one number
   * each.
   */
  long oldFlags() {
    return (set & (READ_ONLY | NO_SUID | NO_DEVICES | NO_EXECUTION))
        | ((set & NO_ACCESS_TIME) != 0 ? 1 << 10 : 0)
        | ((set & STRICT_ACCESS_TIME) != 0 ? 1 << 24 : 0)
        | ((set & ACCESS_TIMES) == 0 && (clear & ACCESS_TIMES) != 0 ? 1 << 21 : 0)
        | ((set & NO_DIRECTORY_TIME) != 0 ? 1 << 11 : 0)
        | ((set & NO_LINKS) != 0 ? 1 << 8 : 0);
  }
}
