package org.thalweg.sbi.sampler;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Hamiltonian Monte Carlo (Neal, 2011, section 3.2) for many chains at once: each leapfrog step is
 * one evaluation of the gradient for all of them.
 *
 * <p>In the warm-up the chains' common step size follows the share of proposals that are accepted,
 * by dual averaging (Hoffman and Gelman, 2014, section 3.2), and a diagonal mass the variance of
 * the coordinates over the chains. The number of leapfrog steps is drawn anew for each proposal, so
 * that no orbit closes.
 *
 * @param potential what is sampled, on all of the space
 * @param warmup proposals before the first point is kept
 * @param thin proposals for each point that is kept
 * @param leapfrogs the most leapfrog steps of a proposal, at least 1
 */
public record HamiltonianSampler(
    DifferentiablePotential potential, int warmup, int thin, int leapfrogs)
    implements MarkovChains {
  /** The share of accepted proposals that is aimed at (Hoffman and Gelman, 2014, section 3.2). */
  private static final double TARGET = 0.8;

  /** An energy that rose by so much is a trajectory that broke. */
  private static final double BROKEN = 1000;

  @Override
  public Chains run(Matrix start, int draws, Seed seed) {
    State state = new State(this, start, seed);
    for (int i = 0; i < warmup; i++) {
      double accepted = state.propose();
      state.adapt(accepted, i);
      if (i < warmup / 2) {
        state.measure();
      }
    }
    state.settle();
    int p = potential.dimension();
    Matrix[] kept = new Matrix[start.rows()];
    Arrays.setAll(kept, c -> Matrix.zeros(draws, p));
    double accepted = 0;
    for (int i = 0; i < draws; i++) {
      for (int t = 0; t < thin; t++) {
        accepted += state.propose();
      }
      for (int c = 0; c < kept.length; c++) {
        System.arraycopy(state.points, c * p, kept[c].values(), i * p, p);
      }
    }
    return new Chains(
        kept,
        state.evaluations,
        state.evaluations * start.rows(),
        accepted / Math.max(1, draws * thin));
  }

  /** All chains at one moment. */
  private static final class State {
    private final DifferentiablePotential potential;
    private final int leapfrogs;
    private final int p;
    private final int chains;
    private final int[] all;
    private final double[] points;
    private double[] values;
    private double[] gradients;
    private final double[] scale;
    private final SplittableRandom[] random;
    private final SplittableRandom common;
    private double step = 0.1;
    private double averageLogStep;
    private double shortfall;
    private long evaluations;

    State(HamiltonianSampler sampler, Matrix start, Seed seed) {
      potential = sampler.potential;
      leapfrogs = sampler.leapfrogs;
      p = potential.dimension();
      chains = start.rows();
      all = new int[chains];
      Arrays.setAll(all, c -> c);
      points = start.values().clone();
      scale = new double[p];
      Arrays.fill(scale, 1);
      random = new SplittableRandom[chains];
      Arrays.setAll(random, c -> seed.child(c).generator());
      common = seed.child("steps").generator();
      DifferentiablePotential.Gradient at = evaluate(points);
      values = at.values();
      gradients = at.gradients();
      averageLogStep = Math.log(step);
    }

    private DifferentiablePotential.Gradient evaluate(double[] at) {
      evaluations++;
      return potential.gradient(all, at);
    }

    /** The coordinates' standard deviations over the chains are the inverse mass. */
    void measure() {
      if (chains < 10) {
        return;
      }
      for (int d = 0; d < p; d++) {
        double mean = 0;
        double square = 0;
        for (int c = 0; c < chains; c++) {
          mean += points[c * p + d] / chains;
        }
        for (int c = 0; c < chains; c++) {
          double off = points[c * p + d] - mean;
          square += off * off / (chains - 1);
        }
        scale[d] = Math.sqrt(Math.max(square, 1e-12));
      }
    }

    /** Dual averaging with the constants of Hoffman and Gelman (2014, section 3.2.1). */
    void adapt(double accepted, int i) {
      double t = i + 1;
      double weight = 1 / (t + 10);
      shortfall = (1 - weight) * shortfall + weight * (TARGET - accepted);
      double logStep = Math.log(1.0) - Math.sqrt(t) / 0.05 * shortfall;
      logStep = Math.min(Math.log(3), Math.max(Math.log(1e-5), logStep));
      double forget = Math.pow(t, -0.75);
      averageLogStep = forget * logStep + (1 - forget) * averageLogStep;
      step = Math.exp(logStep);
    }

    void settle() {
      step = Math.exp(averageLogStep);
    }

    /** One proposal for each chain; the mean probability of acceptance. */
    double propose() {
      int steps = 1 + common.nextInt(leapfrogs);
      double[] momentum = new double[chains * p];
      for (int c = 0; c < chains; c++) {
        for (int d = 0; d < p; d++) {
          momentum[c * p + d] = random[c].nextGaussian();
        }
      }
      double[] before = energy(values, momentum);
      double[] at = points.clone();
      double[] slope = gradients.clone();
      double[] value = values;
      for (int s = 0; s < steps; s++) {
        kick(momentum, slope);
        for (int i = 0; i < at.length; i++) {
          at[i] += step * scale[i % p] * momentum[i];
        }
        DifferentiablePotential.Gradient next = evaluate(at);
        value = next.values();
        slope = next.gradients();
        kick(momentum, slope);
      }
      double[] after = energy(value, momentum);
      double accepted = 0;
      for (int c = 0; c < chains; c++) {
        double rise = after[c] - before[c];
        double probability = rise < BROKEN ? Math.min(1, Math.exp(-rise)) : 0;
        accepted += probability / chains;
        if (random[c].nextDouble() < probability) {
          System.arraycopy(at, c * p, points, c * p, p);
          System.arraycopy(slope, c * p, gradients, c * p, p);
          values[c] = value[c];
        }
      }
      return accepted;
    }

    /** Half a step of the momentum, in coordinates of unit mass. */
    private void kick(double[] momentum, double[] slope) {
      for (int i = 0; i < momentum.length; i++) {
        momentum[i] += 0.5 * step * scale[i % p] * slope[i];
      }
    }

    private double[] energy(double[] value, double[] momentum) {
      double[] out = new double[chains];
      for (int c = 0; c < chains; c++) {
        double kinetic = 0;
        for (int d = 0; d < p; d++) {
          kinetic += 0.5 * momentum[c * p + d] * momentum[c * p + d];
        }
        out[c] = kinetic - value[c];
      }
      return out;
    }
  }
}
