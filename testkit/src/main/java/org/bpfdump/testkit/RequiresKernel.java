// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class or method that loads programs into the running kernel: root, bpf(2), {@code
 * /sys/kernel/btf/vmlinux} and bpftool. Where one of them is missing the test is skipped and says
 * which; with {@code BPFDUMP_REQUIRE_KERNEL=1} in the environment it fails instead. Implies {@link
 * NoLeaks}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(KernelCondition.class)
@NoLeaks
public @interface RequiresKernel {}
