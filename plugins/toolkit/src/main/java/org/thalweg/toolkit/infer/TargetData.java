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

  /**
   * A list of at least so many numbers.
   *
   * @throws ThalwegException exit code 3 where there are fewer
   */
  public double[] atLeast(int fewest, String name) {
    double[] vector = vector(name);
    if (vector.length < fewest) {
      throw ThalwegException.data(
          "Target '%s' needs at least %d numbers in '%s', its data has %d.",
          target, fewest, name, vector.length);
    }
    return vector;
  }

  /**
   * A list of numbers above 0, such as standard deviations; one alone is a list of one.
   *
   * @throws ThalwegException exit code 3 where one is not
   */
  public double[] positive(String name) {
    double[] vector = atLeast(1, name);
    for (double number : vector) {
      if (!(number > 0)) {
        throw refused("numbers above 0", name, number);
      }
    }
    return vector;
  }

  /**
   * A list of whole numbers of a length, 0 or above.
   *
   * @throws ThalwegException exit code 3 where one is not
   */
  public double[] counts(String name, int length) {
    double[] vector = vector(name, length);
    for (double number : vector) {
      if (number < 0 || number != Math.rint(number)) {
        throw refused("whole numbers, 0 or above,", name, number);
      }
    }
    return vector;
  }

  /**
   * One whole number.
   *
   * @throws ThalwegException exit code 3 where it is none, or not from {@code least} to {@code
   *     most}
   */
  public int whole(String name, int least, int most) {
    double number = number(name);
    if (number != Math.rint(number) || number < least || number > most) {
      throw refused("a whole number from %d to %d".formatted(least, most), name, number);
    }
    return (int) number;
  }

  private ThalwegException refused(String wanted, String name, double number) {
    return ThalwegException.data(
        "Target '%s' needs %s in '%s', its data has %s.", target, wanted, name, number);
  }

  /**
   * A list of rows of equal length.
   *
   * @throws ThalwegException exit code 3 where there are others than {@code count}, or their
   *     lengths differ
   */
  public Matrix matrix(String name, int count) {
    Object value = value(name);
    if (!(value instanceof List<?> rows)
        || !rows.stream().allMatch(row -> row instanceof List<?>)) {
      throw wrong(name, "a list of rows", value);
    }
    if (rows.size() != count) {
      throw ThalwegException.data(
          "Target '%s' needs %d rows of '%s', its data has %d.", target, count, name, rows.size());
    }
    double[][] numbers =
        rows.stream().map(row -> vector(name, (List<?>) row)).toArray(double[][]::new);
    for (double[] row : numbers) {
      if (row.length == 0 || row.length != numbers[0].length) {
        throw ThalwegException.data(
            "Target '%s' needs rows of equal length in '%s', its data has one of %d numbers and one of %d.",
            target, name, numbers[0].length, row.length);
      }
    }
    return Matrix.of(numbers);
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
