package org.thalweg.sbi;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.sbi.calibration.JointDraws;
import org.thalweg.sbi.run.Simulations;

/**
 * What a posterior is checked with.
 *
 * @param config how much is done
 * @param heldOut draws of the prior with their data that no gradient saw
 * @param scored parameters of all rounds with their data that no gradient saw
 * @param fitted parameters of all rounds with their data that gradients saw
 * @param simulated data of draws of the prior
 * @param interrupted whether no more is to be done
 */
record CheckMaterial(
    CheckConfig config,
    Optional<JointDraws> heldOut,
    Optional<JointDraws> scored,
    Optional<JointDraws> fitted,
    Matrix simulated,
    BooleanSupplier interrupted) {
  /** Fewer simulations than these say nothing about calibration. */
  static final int FEWEST = 20;

  /** Rows whose every pair is scored. */
  private static final int SCORED = 200;

  /** Rows that a line is fitted to. */
  private static final int FITTED = 2000;

  /** Of a run's simulations: those of the first round are from the prior. */
  static CheckMaterial of(
      CheckConfig config, Simulations.Used used, int[] validation, BooleanSupplier interrupted) {
    int first = 0;
    while (first < used.size() && used.rounds()[first] == 1) {
      first++;
    }
    int ofPrior = first;
    int most = Math.max(config.calibrationSimulations(), config.localSimulations());
    int[] held = IntStream.of(validation).filter(row -> row < ofPrior).limit(most).toArray();
    boolean[] kept = new boolean[used.size()];
    IntStream.of(validation).forEach(row -> kept[row] = true);
    int[] rest = IntStream.range(0, used.size()).filter(i -> !kept[i]).toArray();
    return new CheckMaterial(
        config,
        joint(used, held),
        joint(used, spread(validation, SCORED)),
        joint(used, spread(rest, FITTED)),
        used.data().slice(0, first),
        interrupted);
  }

  /** So that each round has its share. */
  private static int[] spread(int[] rows, int most) {
    int n = Math.min(most, rows.length);
    int[] out = new int[n];
    Arrays.setAll(out, i -> rows[(int) ((long) i * rows.length / n)]);
    return out;
  }

  private static Optional<JointDraws> joint(Simulations.Used used, int[] rows) {
    return rows.length < FEWEST
        ? Optional.empty()
        : Optional.of(new JointDraws(used.parameters().select(rows), used.data().select(rows)));
  }
}
