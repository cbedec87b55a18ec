package org.thalweg.sbi;

import java.util.List;
import java.util.Map;
import org.thalweg.api.error.ThalwegException;

/** Reads values of a file. */
final class Stored {
  private Stored() {}

  static double[] numbers(Object stored) {
    if (!(stored instanceof List<?> list)) {
      throw ThalwegException.data("The file lacks a list of numbers; it holds %s.", stored);
    }
    return list.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  static Map<?, ?> map(Object stored) {
    if (!(stored instanceof Map<?, ?> map)) {
      throw ThalwegException.data("The file lacks a map of values; it holds %s.", stored);
    }
    return map;
  }
}
