// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The expression that a component of a row's record holds; without it, it is the component's name.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {
  /** The expression, such as {@code path(file.f_path)}. */
  String value();
}
