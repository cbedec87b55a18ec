package org.thalweg.api.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What an option does, in one sentence: shown by {@code thalweg describe}. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** The sentence, with the unit of the value where it has one. */
  String value();

  /** The smallest value allowed, for numbers. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest value allowed, for numbers. */
  double max() default Double.POSITIVE_INFINITY;
}
