package org.thalweg.sbi.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.sbi.calibration.Picture.Curve;

/**
 * Whether the observation is where simulations are: those from the posterior (does it explain what
 * was observed?) or those from the prior (can the simulator give such data at all?).
 *
 * <p>Columns are brought to one unit by their middle 68 %. A small p-value says that few of the
 * simulations are as far out as the observation.
 */
public final class PredictiveCheck {
  private static final double THRESHOLD = 0.01;
  private static final int NEIGHBOURS = 5;

  private PredictiveCheck() {}

  /**
   * The posterior predictive check: distances from the median of the simulations.
   *
   * @param simulated {@code [N, X]}, from parameters drawn from the posterior; rows that are not
   *     finite are left out
   * @param observation X numbers
   */
  public static Finding posterior(Matrix simulated, double[] observation) {
    Matrix rows = usable(simulated, observation);
    double[] scale = Scales.robust(rows);
    Matrix middle = Matrix.of(Scales.medians(rows));
    double own = Scales.squaredDistance(Matrix.of(observation), 0, middle, 0, scale);
    double p =
        share(
            IntStream.range(0, rows.rows())
                .mapToDouble(i -> Scales.squaredDistance(rows, i, middle, 0, scale))
                .toArray(),
            own);
    return finding(
        "predictive_p",
        p,
        "Data simulated from the posterior are like the observation (p = %.2f).",
        "Data simulated from the posterior are unlike the observation (p = %.3f): the posterior, or"
            + " the simulator, does not explain it.",
        "Posterior predictive check",
        rows,
        observation,
        scale);
  }

  /**
   * The check of misspecification: the distance to the fifth nearest simulation, against that of
   * simulations among themselves.
   *
   * @param simulated {@code [N, X]}, from parameters drawn from the prior, a few thousand at most
   * @param observation X numbers
   */
  public static Finding misspecification(Matrix simulated, double[] observation) {
    Matrix rows = usable(simulated, observation);
    double[] scale = Scales.robust(rows);
    double own = nearness(Matrix.of(observation), 0, rows, scale, -1);
    double p =
        share(
            IntStream.range(0, rows.rows())
                .mapToDouble(i -> nearness(rows, i, rows, scale, i))
                .toArray(),
            own);
    return finding(
        "misspecification_p",
        p,
        "The observation is among what the simulator gives (p = %.2f).",
        "The observation is farther from all simulations than they are from each other (p = %.3f):"
            + " the simulator or the prior may not describe it, and the net has not learnt there.",
        "Is the observation among the simulations?",
        rows,
        observation,
        scale);
  }

  private static Matrix usable(Matrix simulated, double[] observation) {
    if (simulated.columns() != observation.length) {
      throw ThalwegException.usage(
          "The observation has %d numbers, simulations have %d.",
          observation.length, simulated.columns());
    }
    if (!Arrays.stream(observation).allMatch(Double::isFinite)) {
      throw ThalwegException.usage(
          "The observation holds a number that is not finite: %s.", Arrays.toString(observation));
    }
    Matrix out =
        simulated.select(IntStream.range(0, simulated.rows()).filter(simulated::finite).toArray());
    if (out.rows() < 2 * NEIGHBOURS) {
      throw ThalwegException.data(
          "A check needs %d finite simulations at least, got %d of %d.",
          2 * NEIGHBOURS, out.rows(), simulated.rows());
    }
    return out;
  }

  private static double nearness(Matrix a, int i, Matrix rows, double[] scale, int except) {
    double[] distances =
        IntStream.range(0, rows.rows())
            .filter(j -> j != except)
            .mapToDouble(j -> Scales.squaredDistance(a, i, rows, j, scale))
            .toArray();
    Arrays.sort(distances);
    return distances[NEIGHBOURS - 1];
  }

  /** The share of at least as large ones, the observation's own counted with them. */
  private static double share(double[] distances, double own) {
    long further = Arrays.stream(distances).filter(d -> d >= own).count();
    return (further + 1.0) / (distances.length + 1);
  }

  private static Finding finding(
      String name,
      double p,
      String passes,
      String fails,
      String title,
      Matrix rows,
      double[] observation,
      double[] scale) {
    Verdict verdict = p < THRESHOLD ? Verdict.DOUBTFUL : Verdict.TRUST;
    String sentence = String.format(Locale.ROOT, p < THRESHOLD ? fails : passes, p);
    if (p < THRESHOLD) {
      sentence += worst(rows, observation, scale);
    }
    return new Finding(
        name, p, THRESHOLD, verdict, sentence, Optional.of(picture(title, rows, observation)));
  }

  private static String worst(Matrix rows, double[] observation, double[] scale) {
    double[] middle = Scales.medians(rows);
    int worst = 0;
    double most = -1;
    for (int j = 0; j < middle.length; j++) {
      double off = Math.abs(observation[j] - middle[j]) / scale[j];
      if (off > most) {
        most = off;
        worst = j;
      }
    }
    return String.format(
        Locale.ROOT,
        " Farthest out is number %d, %.6g, where simulations have %.6g give or take %.3g.",
        worst + 1,
        observation[worst],
        middle[worst],
        scale[worst]);
  }

  private static Picture picture(String title, Matrix rows, double[] observation) {
    int d = observation.length;
    double[] x = IntStream.rangeClosed(1, d).asDoubleStream().toArray();
    List<Curve> curves = new ArrayList<>();
    curves.add(new Curve("observation", x, observation));
    for (double q : new double[] {0.025, 0.5, 0.975}) {
      double[] y = new double[d];
      for (int j = 0; j < d; j++) {
        double[] sorted = rows.column(j);
        Arrays.sort(sorted);
        y[j] = sorted[(int) Math.round(q * (sorted.length - 1))];
      }
      curves.add(new Curve(String.format(Locale.ROOT, "%.1f %% of simulations", 100 * q), x, y));
    }
    return new Picture(title, "number of the observation", "value", curves);
  }
}
