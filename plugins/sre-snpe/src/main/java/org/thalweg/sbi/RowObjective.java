package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Workers;

/** What all objectives over a table of simulations have in common. */
abstract class RowObjective implements Objective {
  /** Rows of a chunk in validation. */
  private static final int CHUNK = 1024;

  /** Enough for a mean and a variance that are near those of all rows. */
  private static final int PASSED_ROWS = 4096;

  final Engine engine;
  final Net net;
  final Table train;
  final Table validation;
  private final Seed seed;

  RowObjective(Engine engine, Net net, Table train, Table validation, Seed seed) {
    this.engine = engine;
    this.net = net;
    this.train = train;
    this.validation = validation;
    this.seed = seed;
  }

  @Override
  public final int trainingRows() {
    return train.rows();
  }

  @Override
  public final int validationRows() {
    return validation.rows();
  }

  /** Lets parts that start from the statistics of their input see some training rows. */
  final void initialise() {
    pass(Binding.Mode.INITIALISE);
  }

  @Override
  public final void refresh() {
    pass(Binding.Mode.STATISTICS);
  }

  private void pass(Binding.Mode mode) {
    Seed passed = seed.child("pass");
    int[] order = Splitter.shuffled(train.rows(), passed);
    int[] rows = IntStream.of(order).limit(PASSED_ROWS).toArray();
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      score(new Binding(tape, mode, passed), train, rows);
    }
  }

  @Override
  public final NDArray loss(Tape tape, Share share) {
    return loss(
        new Binding(tape, Binding.Mode.TRAIN, share.seed()),
        train,
        share.rows(),
        share.batch(),
        share.from());
  }

  @Override
  public final double validate(Workers workers) {
    int n = validation.rows();
    int chunks = (n + CHUNK - 1) / CHUNK;
    return workers
        .map(
            chunks,
            k -> {
              int from = (int) ((long) n * k / chunks);
              int to = (int) ((long) n * (k + 1) / chunks);
              int[] rows = IntStream.range(from, to).toArray();
              try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
                // The same seed each time: two judgements differ by the weights alone.
                Binding binding =
                    new Binding(tape, Binding.Mode.EVALUATE, seed.child("validate").child(k));
                NDArray loss = validationLoss(binding, rows);
                return -engine.hostView(loss).toDoubles()[0] * rows.length / n;
              }
            })
        .stream()
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** The mean loss of some validation rows. */
  NDArray validationLoss(Binding binding, int[] rows) {
    return loss(binding, validation, rows, rows, 0);
  }

  /**
   * The mean loss of rows of a table.
   *
   * @param rows the rows
   * @param batch the rows that others may be drawn from, {@code rows} among them
   * @param from where {@code rows} begin in {@code batch}
   */
  abstract NDArray loss(Binding binding, Table table, int[] rows, int[] batch, int from);

  /** The scores {@code [rows]} of the rows' own points. */
  final NDArray score(Binding binding, Table table, int[] rows) {
    Tape tape = binding.tape();
    NDArray z = tape.constant(table.points(rows), new Shape(rows.length, table.dimension()));
    NDArray x = tape.constant(table.observations(rows), new Shape(rows.length, table.size()));
    return net.score(binding, z, x);
  }
}
