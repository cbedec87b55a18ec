package org.thalweg.vi;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.RealMap;

/** Looks at a target before anything is trained, and refuses what cannot be one. */
final class Probe {
  private static final int POINTS = 200;

  /** Half the width of the box of reals that starts are drawn from, as Stan does. */
  private static final double BOX = 2;

  /** How far out a density must fall faster than 1 over the distance, in deviations. */
  private static final double FAR = 20;

  private final RealTarget target;

  Probe(RealTarget target) {
    this.target = target;
  }

  /**
   * Points where the target is finite, the highest first.
   *
   * @throws ThalwegException exit code 2 where there is none, where one is plus infinity, or where
   *     all are equal
   */
  Matrix starts(int count, Seed seed) {
    Matrix points = Matrix.zeros(POINTS, target.dimension());
    SplittableRandom random = seed.generator();
    // The first one is the origin.
    for (int i = target.dimension(); i < points.values().length; i++) {
      points.values()[i] = random.nextDouble(-BOX, BOX);
    }
    double[] values = target.logDensity(points);
    refuse(points, values);
    int[] finite =
        IntStream.range(0, POINTS)
            .filter(i -> Double.isFinite(values[i]))
            .boxed()
            .sorted((a, b) -> Double.compare(values[b], values[a]))
            .mapToInt(Integer::intValue)
            .toArray();
    // Starts that are all in one place would find one mode: the best one, and others as they come.
    int[] chosen =
        IntStream.range(0, Math.min(count, finite.length))
            .map(i -> finite[i * finite.length / Math.max(1, count)])
            .toArray();
    return points.select(chosen);
  }

  private void refuse(Matrix points, double[] values) {
    long notNumbers = Arrays.stream(values).filter(Double::isNaN).count();
    for (int i = 0; i < POINTS; i++) {
      if (values[i] == Double.POSITIVE_INFINITY) {
        throw refusal(
            "is infinite at %s: a density must be finite. Look for a logarithm or a division there.",
            show(points.row(i)));
      }
    }
    long none = Arrays.stream(values).filter(v -> v == Double.NEGATIVE_INFINITY).count();
    if (notNumbers + none == POINTS) {
      String at = show(points.row(0));
      if (notNumbers > 0) {
        throw refusal(
            "is not a number at %d of %d points and has no mass at the others, such as %s. Look for "
                + "a logarithm or a root of something negative.",
            notNumbers, POINTS, at);
      }
      throw refusal(
          "has no mass at any of %d points, such as %s: its support excludes every start. Declare "
              + "the support with the parameters, so that all of their values are possible.",
          POINTS, at);
    }
    double first = Arrays.stream(values).filter(Double::isFinite).findFirst().orElse(0);
    boolean same = Arrays.stream(values).filter(Double::isFinite).allMatch(v -> v == first);
    if (same && target.problem().parameters().stream().allMatch(Probe::whole)) {
      throw refusal(
          "is %s at all of %d points: a constant is no density over unbounded parameters, and says "
              + "nothing about bounded ones.",
          first, POINTS);
    }
  }

  /** Over the reals, where the map adds no Jacobian. */
  private static boolean whole(ParameterBlock block) {
    return block.support().equals(Support.REAL);
  }

  /**
   * Refuses a posterior that does not fall along an axis far from the middle: it has no finite
   * mass.
   *
   * @throws ThalwegException exit code 2, with the parameter's name
   */
  void requireProper(Frame frame) {
    Frame axes = frame.diagonal();
    for (int j = 0; j < target.dimension(); j++) {
      for (double side : new double[] {-1, 1}) {
        Matrix ends = Matrix.of(frame.shift(), frame.shift());
        double reach = FAR * Math.max(1, axes.factor().get(j, j));
        ends.values()[j] += side * reach;
        ends.values()[target.dimension() + j] += side * 2 * reach;
        double[] values = target.logDensity(ends);
        boolean fell = !(values[1] > values[0] - Math.log(2));
        if (Double.isFinite(values[0]) && Double.isFinite(values[1]) && !fell) {
          throw refusal(
              "does not fall towards %s: the posterior is improper there, as its mass is infinite. "
                  + "Give '%s' a proper prior.",
              show(ends.row(1)), name(j));
        }
      }
    }
  }

  /** The parameter that a real belongs to. */
  private String name(int real) {
    int from = 0;
    for (ParameterBlock block : target.problem().parameters()) {
      from += new RealMap(List.of(block)).reals();
      if (real < from) {
        return block.name();
      }
    }
    return target.problem().name();
  }

  private ThalwegException refusal(String format, Object... arguments) {
    return new ThalwegException(
        ExitCode.USAGE,
        "The log-density of target '%s' ".formatted(target.problem().name())
            + format.formatted(arguments));
  }

  /** Some parameters, in the user's units, short enough to read. */
  private String show(double[] y) {
    double[] x = target.map().fromReals(Matrix.of(y)).values().row(0);
    StringBuilder out = new StringBuilder("(");
    int from = 0;
    for (ParameterBlock block : target.problem().parameters()) {
      int to = from + block.size();
      String numbers =
          IntStream.range(from, Math.min(to, from + 3))
              .mapToObj(i -> "%.4g".formatted(x[i]))
              .collect(Collectors.joining(", "));
      out.append(from == 0 ? "" : ", ").append(block.name()).append(" = ").append(numbers);
      out.append(block.size() > 3 ? ", ..." : "");
      from = to;
    }
    return out.append(")").toString();
  }
}
