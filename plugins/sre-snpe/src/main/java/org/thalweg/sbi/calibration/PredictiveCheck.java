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

  /** The finite simulations without which no p-value of so many observations could fail. */
  public static int fewest(int observations) {
    return (int) Math.ceil(observations / THRESHOLD);
  }

  /** {@link #posterior(Matrix, Matrix)} of a single observation. */
  public static Finding posterior(Matrix simulated, double[] observation) {
    return posterior(simulated, Matrix.of(observation));
  }

  /**
   * The posterior predictive check: distances from the median of the simulations. The p-value is
   * the smallest of the observations' own times their number (Bonferroni).
   *
   * @param simulated {@code [N, X]}, from parameters drawn from the posterior; rows that are not
   *     finite are left out
   * @param observations {@code [M, X]}; N is {@link #fewest} at least, or none can fail
   */
  public static Finding posterior(Matrix simulated, Matrix observations) {
    Matrix rows = usable(simulated, observations);
    double[] scale = Scales.robust(rows);
    Matrix middle = Matrix.of(Scales.medians(rows));
    double[] all =
        IntStream.range(0, rows.rows())
            .mapToDouble(i -> Scales.squaredDistance(rows, i, middle, 0, scale))
            .toArray();
    double[] own =
        IntStream.range(0, observations.rows())
            .mapToDouble(i -> Scales.squaredDistance(observations, i, middle, 0, scale))
            .toArray();
    return finding(
        "predictive_p",
        shares(all, own),
        new Said(
            "Data simulated from the posterior are like the observation (p = %.2f).",
            "Data simulated from the posterior are unlike %s (p = %.3f): the posterior, or the"
                + " simulator, does not explain it.",
            "Posterior predictive check"),
        rows,
        observations,
        scale);
  }

  /** {@link #misspecification(Matrix, Matrix)} of a single observation. */
  public static Finding misspecification(Matrix simulated, double[] observation) {
    return misspecification(simulated, Matrix.of(observation));
  }

  /**
   * The check of misspecification: the distance to the fifth nearest simulation, against that of
   * simulations among themselves. The p-value is the smallest of the observations' own times their
   * number (Bonferroni).
   *
   * @param simulated {@code [N, X]}, from parameters drawn from the prior, a few thousand at most
   * @param observations {@code [M, X]}; N is {@link #fewest} at least, or none can fail
   */
  public static Finding misspecification(Matrix simulated, Matrix observations) {
    Matrix rows = usable(simulated, observations);
    double[] scale = Scales.robust(rows);
    double[] all =
        IntStream.range(0, rows.rows())
            .mapToDouble(i -> nearness(rows, i, rows, scale, i))
            .toArray();
    double[] own =
        IntStream.range(0, observations.rows())
            .mapToDouble(i -> nearness(observations, i, rows, scale, -1))
            .toArray();
    return finding(
        "misspecification_p",
        shares(all, own),
        new Said(
            "The observation is among what the simulator gives (p = %.2f).",
            "Farther from all simulations than they are from each other is %s (p = %.3f): the"
                + " simulator or the prior may not describe it, and the net has not learnt there.",
            "Is the observation among the simulations?"),
        rows,
        observations,
        scale);
  }

  private static Matrix usable(Matrix simulated, Matrix observations) {
    if (simulated.columns() != observations.columns() || observations.rows() == 0) {
      throw ThalwegException.usage(
          "There are %d observations of %d numbers, simulations have %d.",
          observations.rows(), observations.columns(), simulated.columns());
    }
    for (int i = 0; i < observations.rows(); i++) {
      if (!observations.finite(i)) {
        throw ThalwegException.usage(
            "Observation %d holds a number that is not finite: %s.",
            i + 1, Arrays.toString(observations.row(i)));
      }
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
  private static double[] shares(double[] distances, double[] own) {
    double[] out = new double[own.length];
    for (int i = 0; i < out.length; i++) {
      double from = own[i];
      long further = Arrays.stream(distances).filter(d -> d >= from).count();
      out[i] = (further + 1.0) / (distances.length + 1);
    }
    return out;
  }

  /**
   * What is said.
   *
   * @param passes of the p-value
   * @param fails of the observation and the p-value
   * @param title of the picture
   */
  private record Said(String passes, String fails, String title) {}

  private static Finding finding(
      String name, double[] own, Said said, Matrix rows, Matrix observations, double[] scale) {
    int worst = 0;
    for (int i = 1; i < own.length; i++) {
      worst = own[i] < own[worst] ? i : worst;
    }
    double p = Math.min(1, own[worst] * own.length);
    double[] observation = observations.row(worst);
    boolean fails = p < THRESHOLD;
    String which =
        own.length == 1
            ? "the observation"
            : "observation %d of %d, the worst".formatted(worst + 1, own.length);
    String sentence =
        fails
            ? String.format(Locale.ROOT, said.fails(), which, p) + worst(rows, observation, scale)
            : String.format(Locale.ROOT, said.passes(), p);
    return new Finding(
        name,
        p,
        THRESHOLD,
        fails ? Verdict.DOUBTFUL : Verdict.TRUST,
        sentence,
        Optional.of(picture(said.title(), rows, observation)));
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
