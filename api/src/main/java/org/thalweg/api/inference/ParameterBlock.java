package org.thalweg.api.inference;

import org.thalweg.api.transform.Support;

/**
 * Parameters of a problem that share a name and a support.
 *
 * @param name the name in tables of samples, with an index where there are several
 * @param size how many numbers it has
 * @param support the set they lie in
 */
public record ParameterBlock(String name, int size, Support support) {
  /** One real number. */
  public static ParameterBlock real(String name) {
    return new ParameterBlock(name, 1, new Support.Real());
  }
}
