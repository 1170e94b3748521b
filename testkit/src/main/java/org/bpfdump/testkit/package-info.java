// SPDX-License-Identifier: Apache-2.0
/**
 * What the tests of all modules share: a test that needs the kernel says {@link
 * org.bpfdump.testkit.RequiresKernel}, one that only opens descriptors says {@link
 * org.bpfdump.testkit.NoLeaks}, and one that asks another program runs it with {@link
 * org.bpfdump.testkit.Exec}.
 *
 * <pre>{@code
 * @RequiresKernel
 * class MapTest {
 *   @Test
 *   void bpftoolSeesTheMap() {
 *     try (var map = ...) {
 *       assertThat(Exec.of("bpftool", "map", "show", "id", id).run().ok().out()).contains("hash");
 *     }
 *   }
 * }
 * }</pre>
 */
package org.bpfdump.testkit;
