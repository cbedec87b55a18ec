package org.thalweg.toolkit.infer;

import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;

/**
 * What a target conditions on, by name, as JSON gives it: numbers, lists of them, lists of lists.
 *
 * @param target whose data it is, for messages
 * @param values by name
 */
public record TargetData(String target, Map<String, Object> values) {
  /** Whether there is none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * One number.
   *
   * @throws ThalwegException where there is none of the name, as the others do
   */
  public double number(String name) {
    return number(name, value(name));
  }

  /** A list of numbers; one alone is a list of one. */
  public double[] vector(String name) {
    Object value = value(name);
    return value instanceof List<?> list ? vector(name, list) : new double[] {number(name, value)};
  }

  /** A list of numbers of a length. */
  public double[] vector(String name, int length) {
    double[] vector = vector(name);
    if (vector.length != length) {
      throw ThalwegException.usage(
          "Target '%s' needs %d numbers of '%s', its data has %d.",
          target, length, name, vector.length);
    }
    return vector;
  }

  /** A list of rows. */
  public Matrix matrix(String name) {
    Object value = value(name);
    if (value instanceof List<?> rows && rows.stream().allMatch(row -> row instanceof List<?>)) {
      return Matrix.of(
          rows.stream().map(row -> vector(name, (List<?>) row)).toArray(double[][]::new));
    }
    throw wrong(name, "a list of rows", value);
  }

  private Object value(String name) {
    Object value = values.get(name);
    if (value == null) {
      throw ThalwegException.usage(
          "Target '%s' needs '%s' in its data; there is: %s. Name the JSON file with --data.",
          target, name, values.isEmpty() ? "nothing" : String.join(", ", values.keySet()));
    }
    return value;
  }

  private double[] vector(String name, List<?> list) {
    return list.stream().mapToDouble(item -> number(name, item)).toArray();
  }

  private double number(String name, Object value) {
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(name, "a finite number", value);
  }

  private ThalwegException wrong(String name, String wanted, Object value) {
    return ThalwegException.usage(
        "Target '%s' needs %s in '%s', its data has %s.", target, wanted, name, value);
  }
}
