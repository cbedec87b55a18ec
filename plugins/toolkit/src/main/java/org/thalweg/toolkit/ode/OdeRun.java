package org.thalweg.toolkit.ode;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.thalweg.api.error.ThalwegException;

/** A batch on its way through {@link DormandPrince}. */
final class OdeRun {
  private static final double SAFETY = 0.9;
  private static final double SMALLEST_FACTOR = 0.2;
  private static final double LARGEST_FACTOR = 10;

  private final OdeTolerance tolerance;
  private final VectorField field;
  private final IntegralAlong along;
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

  OdeRun(
      OdeTolerance tolerance,
      VectorField field,
      Integrand integrand,
      double from,
      double to,
      double[] start,
      int d,
      int n) {
    this.tolerance = tolerance;
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
    this.along = new IntegralAlong(tolerance, integrand, n);
  }

  int unfinished() {
    return active.length;
  }

  DormandPrince.Solution solution() {
    return new DormandPrince.Solution(y, along.integrals(), evaluations);
  }

  /** Hairer, Nørsett and Wanner (1993), section II.4, "starting step size". */
  void begin() {
    int n = active.length;
    field.evaluate(active, t, y, slope);
    int more = along.begin(active, t, y);
    double[] first = new double[n];
    double[] moved = new double[y.length];
    double[] times = new double[n];
    for (int i = 0; i < n; i++) {
      double size = norm(y, i);
      double speed = speed(i);
      if (!Double.isFinite(size) || !Double.isFinite(speed)) {
        throw refusal(i, "it is not finite");
      }
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
      double most = Math.max(speed(i), bend);
      double second = most <= 1e-15 ? Math.max(1e-6, first[i] * 1e-3) : Math.pow(0.01 / most, 0.2);
      double step = Math.min(100 * first[i], second);
      h[i] = Math.min(Double.isFinite(step) ? step : first[i], Math.abs(to - from));
      evaluations[i] = 2 + more;
    }
  }

  /** The norm of the slopes of the state and the integrals. */
  private double speed(int row) {
    double ofState = norm(slope, row);
    return Math.sqrt((d * ofState * ofState + along.speed(row)) / (d + along.size()));
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
    double[] end = start;
    double[] times = new double[m];
    double[] sizes = new double[m];
    for (int i = 0; i < m; i++) {
      sizes[i] = direction * h[active[i]];
    }
    for (int s = 1; s < Tableau.STAGES; s++) {
      // The last stage stands at the end of the step: its state is the step's result.
      end = start.clone();
      for (int i = 0; i < m; i++) {
        times[i] = time(active[i], Tableau.NODES[s]);
        combine(k, Tableau.WEIGHTS[s], sizes[i], i * d, (i + 1) * d, end, i * d);
      }
      k[s] = new double[m * d];
      field.evaluate(active, times, end, k[s]);
    }
    double[] errors = new double[m];
    for (int i = 0; i < m; i++) {
      errors[i] = error(start, end, k, i);
      evaluations[active[i]] += Tableau.STAGES - 1;
    }
    if (along.size() > 0) {
      integrate(start, k, sizes, errors);
    }
    finish(end, k, errors);
  }

  /** Integrates over the steps that the state's error allows, and adds the integrals' errors. */
  private void integrate(double[] start, double[][] k, double[] sizes, double[] errors) {
    int[] fine = IntStream.range(0, errors.length).filter(i -> errors[i] <= 1).toArray();
    int m = fine.length;
    double[] times = new double[IntegralAlong.NEW * m];
    double[] states = new double[times.length * d];
    for (int s = 0; s < IntegralAlong.NEW; s++) {
      double[] weights = DenseOutput.weights(IntegralAlong.NODES[s]);
      for (int a = 0; a < m; a++) {
        int i = fine[a];
        int at = (s * m + a) * d;
        times[s * m + a] = time(active[i], IntegralAlong.NODES[s]);
        System.arraycopy(start, i * d, states, at, d);
        combine(k, weights, sizes[i], i * d, (i + 1) * d, states, at);
      }
    }
    int[] rows = Arrays.stream(fine).map(i -> active[i]).toArray();
    double[] steps = Arrays.stream(fine).mapToDouble(i -> sizes[i]).toArray();
    double[] squares = m == 0 ? new double[0] : along.extend(rows, times, states, steps);
    for (int a = 0; a < m; a++) {
      int i = fine[a];
      errors[i] = Math.sqrt(square(errors[i]) + squares[a] / (d + along.size()));
      evaluations[rows[a]] += IntegralAlong.NEW;
    }
  }

  private double time(int row, double node) {
    double left = Math.abs(to - t[row]);
    // The end is met exactly.
    return node == 1 && h[row] >= left ? to : t[row] + direction * node * h[row];
  }

  /** Adds the step times a sum of stages. */
  private static void combine(
      double[][] k, double[] weights, double step, int begin, int end, double[] out, int at) {
    for (int l = 0; l < weights.length; l++) {
      double factor = step * weights[l];
      double[] some = k[l];
      for (int j = begin; j < end; j++) {
        out[at + j - begin] += factor * some[j];
      }
    }
  }

  private double error(double[] start, double[] end, double[][] k, int i) {
    double sum = 0;
    for (int j = i * d; j < (i + 1) * d; j++) {
      double e = 0;
      for (int s = 0; s < Tableau.STAGES; s++) {
        e += Tableau.ERROR[s] * k[s][j];
      }
      double size = Math.max(Math.abs(start[j]), Math.abs(end[j]));
      sum += square(h[active[i]] * e / scale(size));
    }
    return Math.sqrt(sum / (d + along.size()));
  }

  /** Takes or refuses each row's step, and chooses the next one. */
  private void finish(double[] end, double[][] k, double[] errors) {
    int left = 0;
    for (int i = 0; i < active.length; i++) {
      int row = active[i];
      boolean accepted = errors[i] <= 1;
      double factor = SAFETY * Math.pow(errors[i], -0.2);
      if (accepted) {
        factor = Math.max(SMALLEST_FACTOR, Math.min(rejected[row] ? 1 : LARGEST_FACTOR, factor));
        t[row] = time(row, 1);
        System.arraycopy(end, i * d, y, row * d, d);
        System.arraycopy(k[Tableau.STAGES - 1], i * d, slope, row * d, d);
        along.accept(row);
      } else {
        factor = errors[i] > 1 ? Math.max(SMALLEST_FACTOR, factor) : SMALLEST_FACTOR;
      }
      rejected[row] = !accepted;
      if (!accepted || t[row] != to) {
        h[row] = Math.min(h[row] * factor, Math.abs(to - t[row]));
        requireProgress(row, errors[i]);
        active[left++] = row;
      }
    }
    active = Arrays.copyOf(active, left);
  }

  private void requireProgress(int row, double error) {
    if (h[row] <= 16 * Math.ulp(t[row])) {
      throw refusal(
          row, Double.isFinite(error) ? "its steps became too small" : "it is not finite");
    }
    int next = Tableau.STAGES - 1 + (along.size() > 0 ? IntegralAlong.NEW : 0);
    if (evaluations[row] + next > tolerance.evaluations()) {
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

  private static double square(double value) {
    return value * value;
  }
}
