package org.thalweg.vi;

import java.util.List;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.Special;

/**
 * Mass of the target that an approximation leaves out, as far as the walks uphill have come by it.
 * Draws of the approximation cannot tell: where it has no mass there are none. Here draws of the
 * walks' normals join them, and all are weighed by the mixture that they are from (Owen and Zhou,
 * "Safe and effective importance sampling", 2000).
 *
 * @param share of the target's mass that lies where the approximation has less than a hundredth of
 *     what the target has
 * @param logEvidence the logarithm of the target's mass, by all draws, in nats
 * @param error the standard error of it
 * @param near a point that is left out {@code [R]}, the highest; empty where there is none
 */
record LeftOut(double share, double logEvidence, double error, double[] near) {
  private static final int DRAWS = 2000;

  /** Of so much less density than the target's, weights would make up with few draws. */
  private static final double FEW = 100;

  /** What matters of all mass. */
  private static final double SHARE = 0.01;

  private static final double ERRORS = 4;

  /**
   * Whether it is worth a word, more than chance, and not made up for by weights: those of the
   * draws of a short tail bring back half of what lies there and more, those of one mode nothing of
   * another.
   *
   * @param own the logarithm of the target's mass by weights of the approximation's own draws
   * @param ownError the standard error of it
   */
  boolean matters(double own, double ownError) {
    double missing = logEvidence - own;
    return share > SHARE
        && missing > -Math.log1p(-share / 2)
        && missing > ERRORS * Math.hypot(error, ownError);
  }

  /**
   * Looks.
   *
   * @param drawn of the approximation
   * @param joint the target's log-density at them
   * @param walks the normals, at least one
   */
  static LeftOut of(
      RealTarget target,
      Approximation approximation,
      Approximation.Drawn drawn,
      double[] joint,
      List<Frame> walks,
      Seed seed) {
    int own = joint.length;
    int each = (DRAWS + walks.size() - 1) / walks.size();
    Matrix more = draws(walks, each, seed.generator());
    double[][] logTarget = {joint, target.logDensity(more)};
    double[][] logDensity = {drawn.logDensity(), approximation.logDensity(more)};
    Matrix[] reals = {drawn.reals(), more};
    double[] logWeights = new double[own + more.rows()];
    double[] logRatios = new double[logWeights.length];
    for (int from = 0, part = 0; part < 2; from = own, part++) {
      double[] mixture = mixture(logDensity[part], own, walks, each, reals[part]);
      for (int i = 0; i < mixture.length; i++) {
        double p = usable(logTarget[part][i]);
        logWeights[from + i] = p - mixture[i];
        logRatios[from + i] = p - usable(logDensity[part][i]);
      }
    }
    double total = Special.logSumExp(logWeights);
    double evidence = total - Math.log(logWeights.length);
    double share = 0;
    int highest = -1;
    boolean[] out = new boolean[logWeights.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = logRatios[i] - evidence > Math.log(FEW) && logWeights[i] > Double.NEGATIVE_INFINITY;
      share += out[i] ? Math.exp(logWeights[i] - total) : 0;
      double here = i < own ? joint[i] : logTarget[1][i - own];
      double best = highest < 0 ? 0 : highest < own ? joint[highest] : logTarget[1][highest - own];
      highest = out[i] && (highest < 0 || here > best) ? i : highest;
    }
    double square = 0;
    for (double logWeight : logWeights) {
      square += Math.exp(2 * (logWeight - total));
    }
    double error = Math.sqrt(Math.max(0, square - 1.0 / logWeights.length));
    double[] near = highest < 0 ? new double[0] : row(reals, own, highest);
    return new LeftOut(share, evidence, error, near);
  }

  private static double[] row(Matrix[] reals, int own, int i) {
    return i < own ? reals[0].row(i) : reals[1].row(i - own);
  }

  /** What is no number has no mass here: the approximation's own draws tell of that. */
  private static double usable(double logDensity) {
    boolean number = !Double.isNaN(logDensity) && logDensity != Double.POSITIVE_INFINITY;
    return number ? logDensity : Double.NEGATIVE_INFINITY;
  }

  private static Matrix draws(List<Frame> walks, int each, SplittableRandom random) {
    int d = walks.get(0).dimension();
    Matrix out = Matrix.zeros(each * walks.size(), d);
    for (int w = 0; w < walks.size(); w++) {
      Matrix y = walks.get(w).apply(Frame.standardNormal(each, d, random));
      System.arraycopy(y.values(), 0, out.values(), w * each * d, each * d);
    }
    return out;
  }

  /** The log-density {@code [N]} of all draws' mixture. */
  private static double[] mixture(
      double[] logDensity, int own, List<Frame> walks, int each, Matrix reals) {
    double[][] terms = new double[reals.rows()][walks.size() + 1];
    int all = own + each * walks.size();
    for (int w = 0; w < walks.size(); w++) {
      double[] normal = walks.get(w).logNormal(walks.get(w).invert(reals));
      for (int i = 0; i < normal.length; i++) {
        terms[i][w] = normal[i] + Math.log((double) each / all);
      }
    }
    double[] out = new double[reals.rows()];
    for (int i = 0; i < out.length; i++) {
      terms[i][walks.size()] = usable(logDensity[i]) + Math.log((double) own / all);
      out[i] = Special.logSumExp(terms[i]);
    }
    return out;
  }
}
