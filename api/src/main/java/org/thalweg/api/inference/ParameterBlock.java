package org.thalweg.api.inference;

import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.transform.Support;

/**
 * Parameters of a problem that share a name and a support.
 *
 * @param name the name in tables of samples, with an index where there are several
 * @param size how many numbers it has
 * @param support the set they lie in
 */
public record ParameterBlock(String name, int size, Support support) {
  /** The names of its numbers: its own for one, {@code name_1, name_2, ...} for several. */
  public List<String> names() {
    return size == 1
        ? List.of(name)
        : IntStream.rangeClosed(1, size).mapToObj(i -> name + "_" + i).toList();
  }

  /** One real number. */
  public static ParameterBlock real(String name) {
    return new ParameterBlock(name, 1, new Support.Real());
  }
}
