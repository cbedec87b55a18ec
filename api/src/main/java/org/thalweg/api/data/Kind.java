package org.thalweg.api.data;

import java.util.HashSet;
import java.util.List;
import org.thalweg.api.error.ThalwegException;

/** The set a column's values lie in, which decides how it is standardised. */
public sealed interface Kind {
  /** Any real number. */
  record Real() implements Kind {}

  /** Whole numbers: dequantised at resolution 1 unless the column says otherwise. */
  record IntegerValued() implements Kind {}

  /** An angle in radians, identified modulo 2 pi. */
  record Angle() implements Kind {}

  /**
   * An interval; mapped to the reals by a scaled logit whose Jacobian is counted. Its ends belong
   * to it where the column is rounded, as a value there stands for the half step inside.
   *
   * @param low the lower end, in the column's unit
   * @param high the upper end, above {@code low}
   */
  record Bounded(double low, double high) implements Kind {
    /** Refuses an empty or infinite interval. */
    public Bounded {
      if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
        throw ThalwegException.usage(
            "A bounded column needs finite bounds with lo < hi, got lo = %s and hi = %s.",
            low, high);
      }
    }

    @Override
    public String toString() {
      return "the bounds " + low + " to " + high;
    }
  }

  /**
   * One of a few values, which stand for themselves; of labels.
   *
   * @param values the values as they are written, distinct; a class's number is its place here
   */
  record Classes(List<String> values) implements Kind {
    /** Refuses a value that is named twice. */
    public Classes {
      values = List.copyOf(values);
      if (new HashSet<>(values).size() < values.size()) {
        throw ThalwegException.usage("Classes are distinct values, got %s.", values);
      }
    }
  }

  /** The unrestricted kind. */
  Kind REAL = new Real();
}
