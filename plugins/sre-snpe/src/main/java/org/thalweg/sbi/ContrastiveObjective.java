package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * A contrastive loss over sets of K points for each observation: its own, and K - 1 that are drawn
 * without replacement from the rest of the batch (Durkan, Murray and Papamakarios, 2020, algorithm
 * 1). All rounds' simulations are in a batch, so the contrasting points come from the mixture of
 * their proposals.
 */
final class ContrastiveObjective extends RowObjective {
  /** What is classified. */
  enum Score {
    /** f = log q(z | x) - log p(z), of a posterior's density. */
    POSTERIOR_OVER_PRIOR,
    /** f, of a ratio's net. */
    RATIO
  }

  private final int atoms;
  private final Score score;
  private final Classes classes;
  private final int likelihoodRounds;

  /** How points are told apart. */
  enum Classes {
    /** One of K. */
    SET,
    /** Its own or not. */
    PAIR
  }

  /**
   * The objective.
   *
   * @param atoms K; in a smaller batch it is the batch's size
   * @param likelihoodRounds rows of so many first rounds add their negative log-density, which
   *     holds a posterior's mass inside the prior's support; 0 for none
   */
  ContrastiveObjective(
      Engine engine,
      Net net,
      Table train,
      Table validation,
      Seed seed,
      int atoms,
      Score score,
      Classes classes,
      int likelihoodRounds) {
    super(engine, net, train, validation, seed);
    this.atoms = atoms;
    this.score = score;
    this.classes = classes;
    this.likelihoodRounds = likelihoodRounds;
  }

  /**
   * A single validation row has no other to be told from; the training rows' parameters stand in.
   */
  @Override
  NDArray validationLoss(Binding binding, int[] rows) {
    if (validation.rows() > 1) {
      return super.validationLoss(binding, rows);
    }
    Table judged = validation.and(train);
    return loss(binding, judged, rows, IntStream.range(0, judged.rows()).toArray(), 0);
  }

  @Override
  NDArray loss(Binding binding, Table table, int[] rows, int[] batch, int from) {
    if (batch.length < 2) {
      throw ThalwegException.usage(
          "A step on %d simulations has no other parameters to tell theirs from. Set batch-size to 2"
              + " or more.",
          batch.length);
    }
    int k = Math.min(atoms, batch.length);
    Tape tape = binding.tape();
    int[] sets = sets(rows, batch, from, k, binding.seed().child("atoms"));
    NDArray z = tape.constant(table.points(sets), new Shape(sets.length, table.dimension()));
    NDArray x = tape.constant(table.observations(rows), new Shape(rows.length, table.size()));
    NDArray scores = net.score(binding, z, x).reshape(rows.length, k);
    NDArray loss =
        classes == Classes.SET
            ? ContrastiveLoss.ofSets(f(tape, scores, table, sets))
            : ContrastiveLoss.ofPairs(f(tape, scores, table, sets));
    return likelihoodRounds == 0 ? loss : loss.add(likelihood(tape, scores, table, rows));
  }

  private NDArray f(Tape tape, NDArray scores, Table table, int[] sets) {
    if (score == Score.RATIO) {
      return scores;
    }
    double[] prior = new double[sets.length];
    for (int i = 0; i < prior.length; i++) {
      prior[i] = table.logPrior()[sets[i]];
    }
    return scores.sub(tape.constant(prior, scores.getShape()));
  }

  private NDArray likelihood(Tape tape, NDArray scores, Table table, int[] rows) {
    double[] mask = new double[rows.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = table.rounds()[rows[i]] <= likelihoodRounds ? 1 : 0;
    }
    return scores.get(":, 0").mul(tape.constant(mask, new Shape(mask.length))).mean().neg();
  }

  /** The rows of each set, its own first. */
  static int[] sets(int[] rows, int[] batch, int from, int k, Seed seed) {
    SplittableRandom random = seed.generator();
    int[] out = new int[rows.length * k];
    int[] others = new int[batch.length - 1];
    for (int i = 0; i < rows.length; i++) {
      int own = from + i;
      for (int j = 0; j < others.length; j++) {
        others[j] = batch[j < own ? j : j + 1];
      }
      out[i * k] = batch[own];
      for (int j = 1; j < k; j++) {
        int chosen = j - 1 + random.nextInt(others.length - j + 1);
        int swapped = others[j - 1];
        others[j - 1] = others[chosen];
        others[chosen] = swapped;
        out[i * k + j] = others[j - 1];
      }
    }
    return out;
  }
}
