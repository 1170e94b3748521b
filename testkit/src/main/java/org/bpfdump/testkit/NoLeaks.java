// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails each test of the class (or the method) that leaves behind a file descriptor of this
 * process, or a BPF link, program or map that no other process holds. The kernel frees those late,
 * so the check waits up to five seconds for them to go. What a {@code @BeforeAll} opened is not
 * counted.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(LeakCheck.class)
public @interface NoLeaks {}
