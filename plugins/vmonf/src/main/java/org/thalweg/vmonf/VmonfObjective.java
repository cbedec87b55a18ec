package org.thalweg.vmonf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.FitTable;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.RowMap;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.TrainingRows;
import org.thalweg.toolkit.train.Workers;

/**
 * The negative evidence lower bound (eq. 1) of rows without a label. A row whose component is known
 * counts with log p(x, c) + log q(c | x) instead: the first trains the component, the second the
 * net. The first steps take such rows alone, where there are any, and the next ones let the
 * components learn from all rows before the net follows them.
 */
final class VmonfObjective implements Objective {
  private static final int PASSED_ROWS = 4096;
  private static final int UNKNOWN = -1;

  private final VmonfConfig config;
  private final Engine engine;
  private final VmonfNets nets;
  private final Standardiser standardiser;
  private final TrainingRows train;
  private final int[] labels;
  private final int[] taught;
  private final int[] teachers;
  private final Rows judged;
  private final int validationRows;
  private final Seed passed;

  /**
   * The objective of a table.
   *
   * @param teachers what the first steps take for the components of training rows, -1 where they
   *     are not to look at a row
   */
  VmonfObjective(
      VmonfConfig config,
      Engine engine,
      VmonfNets nets,
      Standardiser standardiser,
      Dataset train,
      Dataset validation,
      int[] teachers,
      Seed seed) {
    this.config = config;
    this.engine = engine;
    this.nets = nets;
    this.standardiser = standardiser;
    this.train = new TrainingRows(train, standardiser, seed);
    this.labels = labels(train.rows());
    this.teachers = teachers;
    this.taught = IntStream.range(0, teachers.length).filter(i -> teachers[i] != UNKNOWN).toArray();
    this.passed = seed.child("initialise");
    this.validationRows = validation.size();
    // Starts are compared on validation rows, or on some training rows where there are none.
    Dataset compared = validationRows > 0 ? validation : some(train);
    this.judged = Dequantiser.apply(compared.rows(), compared.schema(), seed.child("validation"));
  }

  private Dataset some(Dataset train) {
    return train.select(
        Arrays.stream(Splitter.shuffled(train.size(), passed)).limit(PASSED_ROWS).toArray());
  }

  private static int[] labels(Rows rows) {
    return rows.labels()
        .orElseGet(
            () -> {
              int[] none = new int[rows.size()];
              Arrays.fill(none, UNKNOWN);
              return none;
            });
  }

  /** Lets parts that start from the statistics of their input see some training rows. */
  void initialise() {
    pass(Binding.Mode.INITIALISE);
  }

  @Override
  public void refresh() {
    pass(Binding.Mode.STATISTICS);
  }

  private void pass(Binding.Mode mode) {
    int[] rows =
        Arrays.stream(Splitter.shuffled(train.size(), passed)).limit(PASSED_ROWS).toArray();
    TrainingRows.Batch batch = train.batch(rows, 0);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      nets.of(batch.features(tape), context(tape, batch), new Binding(tape, mode, passed), 1);
    }
  }

  private static Context context(Tape tape, TrainingRows.Batch batch) {
    return batch.contexts(tape).map(Context::of).orElseGet(Context::none);
  }

  @Override
  public int trainingRows() {
    return train.size();
  }

  @Override
  public int validationRows() {
    return validationRows;
  }

  @Override
  public void release() {
    train.release();
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    double done = (double) share.step() / share.totalSteps();
    boolean teaching = taught.length > 0;
    double first = teaching ? config.supervision().pretraining() : 0;
    double second = teaching ? first + config.supervision().settling() : 0;
    double cold = config.annealing().finalTemperature();
    if (done < first) {
      int[] rows = drawn(share);
      return loss(tape, share, rows, known(rows, teachers), new Stage(cold, 0, Net.LEARNS));
    }
    int[] rows = share.rows();
    if (done < second) {
      return loss(tape, share, rows, known(rows, labels), new Stage(cold, 0, Net.RESTS));
    }
    double progress = config.annealing().progress((done - second) / (1 - second));
    Stage stage =
        new Stage(
            config.annealing().temperatureAt(progress),
            config.collapse().entropy() * (1 - progress),
            Net.LEARNS);
    return loss(tape, share, rows, known(rows, labels), stage);
  }

  private static int[] known(int[] rows, int[] of) {
    return Arrays.stream(rows).map(i -> of[i]).toArray();
  }

  /** Whether rows without a label teach the net. */
  private enum Net {
    /** They do. */
    LEARNS,
    /** They do not. */
    RESTS
  }

  /** What a step does; the entropy is the weight of that of the mean assignment. */
  private record Stage(double temperature, double entropy, Net net) {}

  /** As many of the rows that teach as the share has, drawn at random. */
  private int[] drawn(Share share) {
    SplittableRandom random = share.seed().child("taught").generator();
    return IntStream.range(0, share.size())
        .map(i -> taught[random.nextInt(taught.length)])
        .toArray();
  }

  private NDArray loss(Tape tape, Share share, int[] rows, int[] known, Stage stage) {
    TrainingRows.Batch batch = train.batch(rows, share.epoch());
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    VmonfNets.Said said =
        nets.of(batch.features(tape), context(tape, batch), binding, stage.temperature());
    double[] counted = counted(known, batch.weights());
    NDArray weights = tape.constant(counted, new Shape(counted.length));
    NDArray value = value(tape, said, known, stage.net()).mul(weights).mean();
    double jacobian = 0;
    for (int i = 0; i < counted.length; i++) {
      jacobian += counted[i] * batch.logAbsDet()[i] / counted.length;
    }
    NDArray loss = value.add(jacobian).neg();
    return stage.entropy() == 0 ? loss : loss.sub(usage(said).mul(stage.entropy()));
  }

  /** Labelled rows count more, at the cost of the others: the weights' mean stays. */
  private double[] counted(int[] known, double[] weights) {
    double[] out = new double[weights.length];
    double sum = 0;
    double before = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = weights[i] * (known[i] == UNKNOWN ? 1 : config.supervision().labelWeight());
      sum += out[i];
      before += weights[i];
    }
    double scale = sum > 0 ? before / sum : 1;
    return Arrays.stream(out).map(w -> w * scale).toArray();
  }

  /** The entropy of the mean assignment, in nats: log K where all components are used alike. */
  private static NDArray usage(VmonfNets.Said said) {
    NDArray mean = said.logPosterior().exp().mean(new int[] {0});
    return mean.mul(mean.maximum(1e-30).log()).sum().neg();
  }

  /** The bound where the component is unknown, log p(x, c) + log q(c | x) where it is known. */
  private NDArray value(Tape tape, VmonfNets.Said said, int[] known, Net net) {
    NDArray bound =
        net == Net.RESTS
            ? new VmonfNets.Said(said.logJoint(), said.logPosterior().stopGradient()).bound()
            : said.bound();
    if (Arrays.stream(known).allMatch(label -> label == UNKNOWN)) {
      return bound;
    }
    int k = config.components();
    double[] chosen = new double[known.length * k];
    double[] open = new double[known.length];
    for (int i = 0; i < known.length; i++) {
      if (known[i] == UNKNOWN) {
        open[i] = 1;
      } else {
        chosen[i * k + known[i]] = 1;
      }
    }
    NDArray supervised =
        said.logJoint()
            .add(said.logPosterior())
            .mul(tape.constant(chosen, new Shape(known.length, k)))
            .sum(new int[] {1});
    return bound.mul(tape.constant(open, new Shape(known.length))).add(supervised);
  }

  @Override
  public double validate(Workers workers) {
    double temperature = config.annealing().finalTemperature();
    int[] known = labels(judged);
    double[] jacobian = standardiser.logAbsDet(judged.features());
    double[] weights = FitTable.normalised(judged);
    int k = config.components();
    double[] said =
        RowMap.map(
            engine,
            workers,
            new Matrix(
                judged.size(),
                judged.features().columns(),
                standardiser.features(judged.features())),
            new Matrix(
                judged.size(), judged.context().columns(), standardiser.contexts(judged.context())),
            (tape, x, context) -> {
              VmonfNets.Said of = nets.of(x, context, Binding.evaluate(tape), temperature);
              return of.bound().expandDims(1).concat(of.logJoint().add(of.logPosterior()), 1);
            });
    double sum = 0;
    for (int i = 0; i < known.length; i++) {
      double value = said[i * (k + 1) + (known[i] == UNKNOWN ? 0 : 1 + known[i])];
      sum += weights[i] * (value + jacobian[i]);
    }
    return sum / known.length;
  }
}
