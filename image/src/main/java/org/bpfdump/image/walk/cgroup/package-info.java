// SPDX-License-Identifier: Apache-2.0
/** The target {@code cgroup}, and how cgroups are found by number and by path. */
package org.bpfdump.image.walk.cgroup;
