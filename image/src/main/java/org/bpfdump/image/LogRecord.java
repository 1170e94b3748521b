// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.time.Duration;

/**
 * A record of the kernel's log, what dmesg(1) prints.
 *
 * @param sequence its number
 * @param time since boot
 * @param level 0 (emergency) to 7 (debug)
 * @param facility 0 for the kernel's own, as syslog(3) numbers them
 * @param text without the newline at its end; it may have others
 */
public record LogRecord(long sequence, Duration time, int level, int facility, String text) {}
