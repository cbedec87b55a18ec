package org.thalweg.sbi;

import java.util.Arrays;
import org.thalweg.sbi.sampler.DifferentiablePotential;

/**
 * The unnormalised log-posterior of points z, each chain with one observation or several that are
 * independent given the parameters:
 *
 * <pre>a log p(z) + sum over observations of score(z, x)</pre>
 *
 * <p>A likelihood or a ratio has a = 1. A posterior's density of n observations counts the prior n
 * times, and has a = 1 - n.
 */
final class PosteriorPotential implements DifferentiablePotential {
  private final Learnt learnt;
  private final double[] observations;
  private final int each;
  private final double priorWeight;

  /**
   * The potential.
   *
   * @param observations scaled, for chain after chain; those of one chain for all where there are
   *     no more
   * @param each how many observations a chain has
   */
  PosteriorPotential(Learnt learnt, double[] observations, int each) {
    this.learnt = learnt;
    this.observations = observations;
    this.each = each;
    this.priorWeight = learnt.net() instanceof Net.OfPosterior ? 1 - each : 1;
  }

  @Override
  public int dimension() {
    return learnt.space().dimension();
  }

  @Override
  public double[] logDensity(int[] chains, double[] points) {
    double[] out = new double[chains.length];
    double[] prior = learnt.space().logPrior(points);
    int[] inside = inside(prior);
    if (inside.length == 0) {
      Arrays.fill(out, Double.NEGATIVE_INFINITY);
      return out;
    }
    double[] scores = learnt.score(pairs(inside, points), observations(inside, chains));
    Arrays.fill(out, Double.NEGATIVE_INFINITY);
    for (int i = 0; i < inside.length; i++) {
      double sum = priorWeight == 0 ? 0 : priorWeight * prior[inside[i]];
      for (int j = 0; j < each; j++) {
        sum += scores[i * each + j];
      }
      out[inside[i]] = Double.isNaN(sum) ? Double.NEGATIVE_INFINITY : sum;
    }
    return out;
  }

  @Override
  public Gradient gradient(int[] chains, double[] points) {
    int p = dimension();
    double[] prior = learnt.space().logPrior(points);
    double[] slope =
        priorWeight == 0 ? new double[points.length] : learnt.space().logPriorGradient(points);
    int[] all = new int[chains.length];
    Arrays.setAll(all, i -> i);
    Gradient scores = learnt.gradient(pairs(all, points), observations(all, chains));
    double[] values = new double[chains.length];
    double[] gradients = new double[points.length];
    for (int i = 0; i < chains.length; i++) {
      double sum = prior[i] == Double.NEGATIVE_INFINITY ? prior[i] : 0;
      sum += priorWeight == 0 ? 0 : priorWeight * prior[i];
      for (int j = 0; j < each; j++) {
        sum += scores.values()[i * each + j];
        for (int d = 0; d < p; d++) {
          gradients[i * p + d] += scores.gradients()[(i * each + j) * p + d];
        }
      }
      values[i] = Double.isNaN(sum) ? Double.NEGATIVE_INFINITY : sum;
      for (int d = 0; d < p; d++) {
        double g = gradients[i * p + d] + priorWeight * slope[i * p + d];
        gradients[i * p + d] = Double.isFinite(g) ? g : 0;
      }
    }
    return new Gradient(values, gradients);
  }

  private static int[] inside(double[] prior) {
    int[] out = new int[prior.length];
    int n = 0;
    for (int i = 0; i < prior.length; i++) {
      if (prior[i] > Double.NEGATIVE_INFINITY) {
        out[n++] = i;
      }
    }
    return Arrays.copyOf(out, n);
  }

  private double[] pairs(int[] which, double[] points) {
    int p = dimension();
    double[] out = new double[which.length * each * p];
    for (int i = 0; i < which.length; i++) {
      for (int j = 0; j < each; j++) {
        System.arraycopy(points, which[i] * p, out, (i * each + j) * p, p);
      }
    }
    return out;
  }

  private double[] observations(int[] which, int[] chains) {
    int width = each * learnt.scale().size();
    int held = observations.length / width;
    double[] out = new double[which.length * width];
    for (int i = 0; i < which.length; i++) {
      int of = held == 1 ? 0 : chains[which[i]];
      System.arraycopy(observations, of * width, out, i * width, width);
    }
    return out;
  }
}
