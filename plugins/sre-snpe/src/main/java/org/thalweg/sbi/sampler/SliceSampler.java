package org.thalweg.sbi.sampler;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * Axis-aligned slice sampling with stepping out and shrinking (Neal, 2003, sections 4.1 and 4.2),
 * for many chains at once: each step of the brackets is one evaluation of the potential for all
 * chains that still need it.
 *
 * <p>A sweep visits each coordinate once, in an order of its own. In the first sweeps, which are
 * thrown away, the width of a coordinate's bracket follows the mean width of the slices that the
 * chains found.
 *
 * @param potential what is sampled
 * @param warmup sweeps before the first point is kept
 * @param thin sweeps for each point that is kept
 * @param width a coordinate's bracket at the start
 */
public record SliceSampler(Potential potential, int warmup, int thin, double width)
    implements MarkovChains {
  /** Steps outwards in either direction, at most: a bracket of a flat density must end. */
  private static final int MOST_STEPS = 30;

  /** Shrinking halves a bracket on average; after so many times it is a point. */
  private static final int MOST_SHRINKS = 100;

  @Override
  public Chains run(Matrix start, int draws, Seed seed) {
    State state = new State(this, start, seed);
    for (int sweep = 0; sweep < warmup; sweep++) {
      state.sweep();
      state.tune();
    }
    int p = potential.dimension();
    Matrix[] kept = new Matrix[start.rows()];
    Arrays.setAll(kept, c -> Matrix.zeros(draws, p));
    for (int i = 0; i < draws; i++) {
      for (int sweep = 0; sweep < thin; sweep++) {
        state.sweep();
      }
      for (int c = 0; c < kept.length; c++) {
        System.arraycopy(state.points, c * p, kept[c].values(), i * p, p);
      }
    }
    return new Chains(kept, state.evaluations, state.evaluated, 1);
  }

  /** All chains at one moment. */
  private static final class State {
    private final Potential potential;
    private final int p;
    private final int chains;
    private final double[] points;
    private final double[] current;
    private final double[] widths;
    private final double[] found;
    private final SplittableRandom[] random;
    private final SplittableRandom common;
    private final double[] level;
    private final double[] left;
    private final double[] right;
    private long evaluations;
    private long evaluated;
    private int tuned;

    State(SliceSampler sampler, Matrix start, Seed seed) {
      potential = sampler.potential;
      p = potential.dimension();
      chains = start.rows();
      points = start.values().clone();
      widths = new double[p];
      Arrays.fill(widths, sampler.width);
      found = new double[p];
      random = new SplittableRandom[chains];
      Arrays.setAll(random, c -> seed.child(c).generator());
      common = seed.child("order").generator();
      level = new double[chains];
      left = new double[chains];
      right = new double[chains];
      current = evaluate(all(), points);
    }

    private int[] all() {
      int[] out = new int[chains];
      Arrays.setAll(out, c -> c);
      return out;
    }

    private double[] evaluate(int[] of, double[] at) {
      evaluations++;
      evaluated += of.length;
      return potential.logDensity(of, at);
    }

    /** Every coordinate of every chain once. */
    void sweep() {
      int[] order = new int[p];
      Arrays.setAll(order, d -> d);
      for (int i = p - 1; i > 0; i--) {
        int j = common.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      for (int d : order) {
        bracket(d);
        stepOut(d);
        shrink(d);
      }
    }

    /** The mean of the widths that were found, over all chains and sweeps so far. */
    void tune() {
      tuned++;
      for (int d = 0; d < p; d++) {
        widths[d] += (found[d] - widths[d]) / (tuned + 1);
      }
    }

    private void bracket(int d) {
      for (int c = 0; c < chains; c++) {
        level[c] = current[c] + Math.log(1 - random[c].nextDouble());
        left[c] = points[c * p + d] - widths[d] * random[c].nextDouble();
        right[c] = left[c] + widths[d];
      }
    }

    /** Both ends of all brackets move outwards until they are below the level. */
    private void stepOut(int d) {
      // Ends are numbered c for the left one of chain c and chains + c for the right one.
      int[] moving = new int[2 * chains];
      Arrays.setAll(moving, e -> e);
      for (int step = 0; step < MOST_STEPS && moving.length > 0; step++) {
        int[] of = Arrays.stream(moving).map(e -> e % chains).toArray();
        double[] at = copies(of);
        for (int i = 0; i < moving.length; i++) {
          at[i * p + d] = moving[i] < chains ? left[of[i]] : right[of[i]];
        }
        double[] values = evaluate(of, at);
        int still = 0;
        for (int i = 0; i < moving.length; i++) {
          if (values[i] > level[of[i]]) {
            if (moving[i] < chains) {
              left[of[i]] -= widths[d];
            } else {
              right[of[i]] += widths[d];
            }
            moving[still++] = moving[i];
          }
        }
        moving = Arrays.copyOf(moving, still);
      }
    }

    /** A point inside each bracket that is above the level; what is below becomes an end. */
    private void shrink(int d) {
      double sum = 0;
      for (int c = 0; c < chains; c++) {
        sum += right[c] - left[c];
      }
      int[] open = all();
      for (int step = 0; step < MOST_SHRINKS && open.length > 0; step++) {
        double[] at = copies(open);
        for (int i = 0; i < open.length; i++) {
          int c = open[i];
          at[i * p + d] = left[c] + random[c].nextDouble() * (right[c] - left[c]);
        }
        double[] values = evaluate(open, at);
        int still = 0;
        for (int i = 0; i < open.length; i++) {
          int c = open[i];
          double proposed = at[i * p + d];
          if (values[i] > level[c]) {
            points[c * p + d] = proposed;
            current[c] = values[i];
          } else {
            if (proposed < points[c * p + d]) {
              left[c] = proposed;
            } else {
              right[c] = proposed;
            }
            open[still++] = c;
          }
        }
        open = Arrays.copyOf(open, still);
      }
      found[d] = sum / chains;
    }

    private double[] copies(int[] of) {
      double[] at = new double[of.length * p];
      for (int i = 0; i < of.length; i++) {
        System.arraycopy(points, of[i] * p, at, i * p, p);
      }
      return at;
    }
  }
}
