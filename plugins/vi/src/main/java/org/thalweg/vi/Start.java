package org.thalweg.vi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Where training begins. Several walks uphill, each from a point of its own; of each walk the stop
 * whose normal approximation has the highest lower bound (Zhang and others, 2022, "Pathfinder",
 * algorithm 1); and of the walks the mixture of these, weighted by the exponentials of their
 * bounds, so that modes that are as high each count. Its mean and covariance are the frame.
 */
final class Start {
  /** Draws of a stop's approximation for its bound. */
  private static final int DRAWS = 20;

  private record Candidate(Path.Stop stop, double bound) {
    Frame frame() {
      return new Frame(stop.mean(), Cholesky.factor(stop.covariance()));
    }
  }

  /**
   * What the walks found.
   *
   * @param frame the units
   * @param normals the walks' own approximations: standard normals in these frames
   */
  record Found(Frame frame, List<Frame> normals) {}

  private final RealTarget target;

  Start(RealTarget target) {
    this.target = target;
  }

  /**
   * Walks.
   *
   * @param points where the walks start, {@code [walks, R]}
   */
  Found walk(Matrix points, Seed seed) {
    List<Candidate> best = new ArrayList<>();
    for (int i = 0; i < points.rows(); i++) {
      List<Path.Stop> stops = new Path(target).walk(points.row(i));
      // Not every hill has a shape: around the start itself is a candidate too.
      stops.add(new Path.Stop(points.row(i), Frame.identity(target.dimension()).factor()));
      best(stops, seed.child(i)).ifPresent(best::add);
    }
    return new Found(
        best.isEmpty() ? spread(points) : moments(best),
        best.stream().map(Candidate::frame).toList());
  }

  private Optional<Candidate> best(List<Path.Stop> stops, Seed seed) {
    int d = target.dimension();
    Matrix draws = Matrix.zeros(stops.size() * DRAWS, d);
    double[] logDensity = new double[draws.rows()];
    SplittableRandom random = seed.generator();
    for (int s = 0; s < stops.size(); s++) {
      Frame frame = new Candidate(stops.get(s), 0).frame();
      Matrix u = Frame.standardNormal(DRAWS, d, random);
      System.arraycopy(frame.logNormal(u), 0, logDensity, s * DRAWS, DRAWS);
      System.arraycopy(frame.apply(u).values(), 0, draws.values(), s * DRAWS * d, DRAWS * d);
    }
    double[] joint = target.logDensity(draws);
    Optional<Candidate> best = Optional.empty();
    for (int s = 0; s < stops.size(); s++) {
      double bound = 0;
      for (int k = s * DRAWS; k < (s + 1) * DRAWS; k++) {
        bound += (joint[k] - logDensity[k]) / DRAWS;
      }
      boolean higher = best.isEmpty() || bound > best.get().bound();
      if (Double.isFinite(bound) && higher) {
        best = Optional.of(new Candidate(stops.get(s), bound));
      }
    }
    return best;
  }

  private Frame moments(List<Candidate> candidates) {
    int d = target.dimension();
    double most = candidates.stream().mapToDouble(Candidate::bound).max().orElse(0);
    double[] weights = candidates.stream().mapToDouble(c -> Math.exp(c.bound() - most)).toArray();
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double[] mean = new double[d];
    for (int c = 0; c < weights.length; c++) {
      for (int i = 0; i < d; i++) {
        mean[i] += weights[c] / total * candidates.get(c).stop().mean()[i];
      }
    }
    Matrix covariance = Matrix.zeros(d, d);
    for (int c = 0; c < weights.length; c++) {
      Path.Stop stop = candidates.get(c).stop();
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          double apart = (stop.mean()[i] - mean[i]) * (stop.mean()[j] - mean[j]);
          covariance.values()[i * d + j] +=
              weights[c] / total * (stop.covariance().get(i, j) + apart);
        }
      }
    }
    return new Frame(mean, Cholesky.factor(covariance));
  }

  /** No walk left its start: the frame is around the first one. */
  private Frame spread(Matrix points) {
    return new Frame(points.row(0), Frame.identity(target.dimension()).factor());
  }
}
