package org.thalweg.vi;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

  /** From here on a density must fall faster than 1 over the distance, in deviations. */
  private static final double FAR = 20;

  /** Of a ray's largest part: parameters with less of it are not named. */
  private static final double MUCH = 0.1;

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
            target.show(points.row(i)));
      }
    }
    long none = Arrays.stream(values).filter(v -> v == Double.NEGATIVE_INFINITY).count();
    if (notNumbers + none == POINTS) {
      String at = target.show(points.row(0));
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
   * Refuses a posterior that does not fall far from the middle, along an axis or across: it has no
   * finite mass.
   *
   * @param frame that of the walks
   * @throws ThalwegException exit code 2, with the parameters' names
   */
  void requireProper(Frame frame) {
    Rays rays = new Rays(target, frame);
    // Along an axis a density may rise for ever, across it is enough to find where it is level.
    rays.axes().forEach(ray -> refuse(rays, ray, Double.POSITIVE_INFINITY));
    rays.across().forEach(ray -> refuse(rays, ray, Math.log(2)));
  }

  /**
   * Refuses a density that does not fall along a ray.
   *
   * @param most what it may rise by where the distance doubles: a density that rises by more comes
   *     out of the neck of a funnel
   */
  private void refuse(Rays rays, double[] ray, double most) {
    for (double side : new double[] {-1, 1}) {
      Matrix ends = Matrix.of(rays.middle(), rays.middle(), rays.middle());
      for (int i = 0; i < ends.values().length; i++) {
        int doublings = i / ray.length;
        ends.values()[i] += side * FAR * (1 << doublings) * ray[i % ray.length];
      }
      double[] values = target.logDensity(ends);
      boolean endless = Double.isFinite(values[0]);
      for (int i = 1; i < values.length; i++) {
        double rise = values[i] - values[i - 1];
        endless &= Double.isFinite(values[i]) && rise > -Math.log(2) && rise <= most;
      }
      if (endless) {
        List<String> names = names(ray);
        throw refusal(
            "does not fall towards %s: the posterior is improper there, as its mass is infinite. "
                + "Give %s a proper prior.",
            target.show(ends.row(1)), String.join(names.size() == 2 ? " or " : ", ", names));
      }
    }
  }

  /** The parameters that a ray leads along, those it does most. */
  private List<String> names(double[] ray) {
    double most = Arrays.stream(ray).map(Math::abs).max().orElse(0);
    return IntStream.range(0, ray.length)
        .filter(i -> Math.abs(ray[i]) > MUCH * most)
        .mapToObj(i -> "'" + name(i) + "'")
        .distinct()
        .toList();
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
}
