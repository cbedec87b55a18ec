package org.thalweg.toolkit.ode;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.thalweg.api.error.ThalwegException;

/**
 * Solves {@code dy/dt = f(t, y)} by the pair of Dormand and Prince of orders 5 and 4, for a batch
 * of independent rows. Every row has a step size and an error control of its own, so that its
 * result does not depend on the rows beside it; the right-hand side is evaluated for all rows that
 * are not done yet at once. Steps are computed in double precision, whatever type the right-hand
 * side has.
 *
 * <p>The step size follows Hairer, Nørsett and Wanner (1993, section II.4).
 */
public final class DormandPrince {
  private static final double SAFETY = 0.9;
  private static final double SMALLEST_FACTOR = 0.2;
  private static final double LARGEST_FACTOR = 10;

  private final OdeTolerance tolerance;

  /** A solver. */
  public DormandPrince(OdeTolerance tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * What was computed.
   *
   * @param y the states at the end, {@code [N, D]}, row-major
   * @param evaluations of the right-hand side, by row
   */
  public record Solution(double[] y, int[] evaluations) {
    /** The mean over the rows. */
    public double meanEvaluations() {
      return Arrays.stream(evaluations).average().orElse(0);
    }
  }

  /**
   * Solves the equation of N rows between two times.
   *
   * @param field the right-hand side
   * @param from the time of the given states
   * @param to the time that is wanted, before or after {@code from}
   * @param start the given states, {@code [N, D]}, row-major
   * @param dimension D
   * @throws ThalwegException exit code 2, where a row needs more evaluations than the budget, a
   *     step below the resolution of the time, or is not finite
   */
  public Solution solve(VectorField field, double from, double to, double[] start, int dimension) {
    int n = dimension == 0 ? 0 : start.length / dimension;
    Run run = new Run(field, from, to, start, dimension, n);
    if (n > 0 && from != to) {
      run.begin();
      while (run.active.length > 0) {
        run.step();
      }
    }
    return new Solution(run.y, run.evaluations);
  }

  /** One batch on its way. */
  private final class Run {
    private final VectorField field;
    private final double from;
    private final double to;
    private final double direction;
    private final int d;
    private final double[] t;
    private final double[] h;
    private final double[] y;
    private final double[] slope;
    private final boolean[] rejected;
    private final int[] evaluations;
    private int[] active;

    Run(VectorField field, double from, double to, double[] start, int d, int n) {
      this.field = field;
      this.from = from;
      this.to = to;
      this.direction = Math.signum(to - from);
      this.d = d;
      this.y = start.clone();
      this.t = new double[n];
      Arrays.fill(t, from);
      this.h = new double[n];
      this.slope = new double[start.length];
      this.rejected = new boolean[n];
      this.evaluations = new int[n];
      this.active = IntStream.range(0, n).toArray();
    }

    /** Hairer, Nørsett and Wanner (1993), section II.4, "starting step size". */
    void begin() {
      int n = active.length;
      field.evaluate(active, t, y, slope);
      double[] first = new double[n];
      double[] moved = new double[y.length];
      double[] times = new double[n];
      for (int i = 0; i < n; i++) {
        double size = norm(y, i);
        double speed = norm(slope, i);
        first[i] = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed;
        first[i] = Math.min(first[i], Math.abs(to - from));
        times[i] = from + direction * first[i];
        for (int j = i * d; j < (i + 1) * d; j++) {
          moved[j] = y[j] + direction * first[i] * slope[j];
        }
      }
      double[] there = new double[y.length];
      field.evaluate(active, times, moved, there);
      for (int i = 0; i < n; i++) {
        double bend = 0;
        for (int j = i * d; j < (i + 1) * d; j++) {
          bend += square((there[j] - slope[j]) / scale(y[j]));
        }
        bend = Math.sqrt(bend / d) / first[i];
        double most = Math.max(norm(slope, i), bend);
        double second =
            most <= 1e-15 ? Math.max(1e-6, first[i] * 1e-3) : Math.pow(0.01 / most, 0.2);
        double step = Math.min(100 * first[i], second);
        h[i] = Math.min(Double.isFinite(step) ? step : first[i], Math.abs(to - from));
        evaluations[i] = 2;
      }
    }

    private double norm(double[] values, int row) {
      double sum = 0;
      for (int j = row * d; j < (row + 1) * d; j++) {
        sum += square(values[j] / scale(y[j]));
      }
      return Math.sqrt(sum / d);
    }

    private double scale(double state) {
      return tolerance.absolute() + tolerance.relative() * Math.abs(state);
    }

    void step() {
      int m = active.length;
      double[] start = gather(y);
      double[][] k = new double[Tableau.STAGES][];
      k[0] = gather(slope);
      double[] stage = new double[m * d];
      double[] times = new double[m];
      for (int s = 1; s < Tableau.STAGES; s++) {
        double[] weights = Tableau.WEIGHTS[s];
        for (int i = 0; i < m; i++) {
          double step = direction * h[active[i]];
          times[i] = time(active[i], Tableau.NODES[s]);
          combine(start, k, weights, step, i * d, (i + 1) * d, stage);
        }
        k[s] = new double[m * d];
        field.evaluate(active, times, stage, k[s]);
      }
      // The last stage stands at the end of the step: its state is the step's result.
      finish(start, stage, k);
    }

    private double time(int row, double node) {
      double left = Math.abs(to - t[row]);
      // The end is met exactly.
      return node == 1 && h[row] >= left ? to : t[row] + direction * node * h[row];
    }

    private static void combine(
        double[] start,
        double[][] k,
        double[] weights,
        double step,
        int begin,
        int end,
        double[] out) {
      System.arraycopy(start, begin, out, begin, end - begin);
      for (int l = 0; l < weights.length; l++) {
        double factor = step * weights[l];
        double[] some = k[l];
        for (int j = begin; j < end; j++) {
          out[j] += factor * some[j];
        }
      }
    }

    /** Takes or refuses each row's step, and chooses the next one. */
    private void finish(double[] start, double[] end, double[][] k) {
      int left = 0;
      for (int i = 0; i < active.length; i++) {
        int row = active[i];
        evaluations[row] += Tableau.STAGES - 1;
        double error = error(start, end, k, i, h[row]);
        double factor = SAFETY * Math.pow(error, -0.2);
        boolean accepted = error <= 1;
        if (accepted) {
          double most = rejected[row] ? 1 : LARGEST_FACTOR;
          factor = Math.max(SMALLEST_FACTOR, Math.min(most, factor));
          t[row] = time(row, 1);
          System.arraycopy(end, i * d, y, row * d, d);
          System.arraycopy(k[Tableau.STAGES - 1], i * d, slope, row * d, d);
        } else {
          factor = error > 1 ? Math.max(SMALLEST_FACTOR, factor) : SMALLEST_FACTOR;
        }
        rejected[row] = !accepted;
        if (accepted && t[row] == to) {
          continue;
        }
        h[row] = Math.min(h[row] * factor, Math.abs(to - t[row]));
        requireProgress(row, error);
        active[left++] = row;
      }
      active = Arrays.copyOf(active, left);
    }

    private double error(double[] start, double[] end, double[][] k, int i, double step) {
      double sum = 0;
      for (int j = i * d; j < (i + 1) * d; j++) {
        double e = 0;
        for (int s = 0; s < Tableau.STAGES; s++) {
          e += Tableau.ERROR[s] * k[s][j];
        }
        double size = Math.max(Math.abs(start[j]), Math.abs(end[j]));
        sum += square(step * e / scale(size));
      }
      return Math.sqrt(sum / d);
    }

    private void requireProgress(int row, double error) {
      if (h[row] <= 16 * Math.ulp(t[row])) {
        throw refusal(
            row, Double.isFinite(error) ? "its steps became too small" : "it is not finite");
      }
      if (evaluations[row] + Tableau.STAGES - 1 > tolerance.evaluations()) {
        throw refusal(row, "it took %d evaluations, the most allowed".formatted(evaluations[row]));
      }
    }

    private ThalwegException refusal(int row, String why) {
      return ThalwegException.usage(
          "The differential equation of row %d was left at time %s on the way from %s to %s: %s. "
              + "%d of %d rows were not done. Loosen the tolerance (%s), or allow more evaluations "
              + "(%d).",
          row + 1,
          String.format(Locale.ROOT, "%.6g", t[row]),
          from,
          to,
          why,
          active.length,
          t.length,
          Math.min(tolerance.relative(), tolerance.absolute()),
          tolerance.evaluations());
    }

    private double[] gather(double[] values) {
      double[] out = new double[active.length * d];
      for (int i = 0; i < active.length; i++) {
        System.arraycopy(values, active[i] * d, out, i * d, d);
      }
      return out;
    }
  }

  private static double square(double value) {
    return value * value;
  }
}
