// SPDX-License-Identifier: Apache-2.0
/** Targets that begin at tasks: the tasks themselves, their files, their memory. */
package org.bpfdump.image.walk.task;
