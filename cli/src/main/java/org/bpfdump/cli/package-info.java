// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code bpfdump} command line.
 *
 * <p>{@link org.bpfdump.cli.Main} finds the command that the first words name in a tree of {@code
 * Command}s, has {@code Syntax} read the rest of the line by what that one command declares (the
 * only user of Commons CLI, so that a start pays for one command), runs it, and turns whatever it
 * throws into a message and an exit code. The commands know neither Commons CLI nor the process:
 * they get {@code Arguments} and a {@code Session}.
 */
package org.bpfdump.cli;
