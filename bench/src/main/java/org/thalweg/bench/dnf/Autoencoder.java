package org.thalweg.bench.dnf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.ResidualNet;
import org.thalweg.toolkit.train.Objective;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Share;
import org.thalweg.toolkit.train.Training;
import org.thalweg.toolkit.train.TrainingLoop;
import org.thalweg.toolkit.train.Workers;

/**
 * The first stage of a probabilistic autoencoder (Böhm and Seljak, 2022): an encoder and a decoder
 * that make the squared error of reconstruction small. Its second stage, a flow over the codes,
 * changes no reconstruction.
 */
final class Autoencoder implements Objective {
  private static final NetSize SIZE = new NetSize(256, 1, 0);
  private static final int AT_ONCE = 500;

  private final Engine engine;
  private final ParameterStore store;
  private final ResidualNet encoder;
  private final ResidualNet decoder;
  private final Matrix rows;

  /**
   * One with fresh weights.
   *
   * @param rows {@code [N, D]} that it is to be trained on
   * @param d numbers in a code
   */
  Autoencoder(Engine engine, Matrix rows, int d, Seed seed) {
    this.engine = engine;
    this.rows = rows;
    store = new ParameterStore(engine, seed);
    Head head = Head.usual(SIZE.hidden());
    encoder = new ResidualNet(store.child("encoder"), rows.columns(), 0, SIZE, d, head);
    decoder = new ResidualNet(store.child("decoder"), d, 0, SIZE, rows.columns(), head);
  }

  /** How many weights it has. */
  long parameters() {
    return store.size();
  }

  /** Trains; the last weights are kept. */
  void train(Training training, long seed) {
    ModelCard card =
        new ModelCard(
            "autoencoder",
            training,
            Schema.features(rows.columns()),
            seed,
            engine.name(),
            new TreeMap<>());
    new TrainingLoop(engine, store, training, this, FitOptions.seed(seed), FitListener.SILENT, card)
        .run();
  }

  /** The Euclidean distance of each row from its reconstruction. */
  double[] distances(Matrix some) {
    double[] out = new double[some.rows()];
    for (int from = 0; from < out.length; from += AT_ONCE) {
      Matrix part = some.slice(from, Math.min(out.length, from + AT_ONCE));
      try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        NDArray squares = squares(Binding.evaluate(tape), part);
        double[] distances = engine.hostView(squares.sqrt()).toDoubles();
        System.arraycopy(distances, 0, out, from, distances.length);
      }
    }
    return out;
  }

  private NDArray squares(Binding binding, Matrix some) {
    NDArray x = binding.tape().constant(some.values(), new Shape(some.rows(), some.columns()));
    NDArray code = encoder.bind(binding.child("encoder")).given(Optional.empty()).apply(x);
    NDArray again = decoder.bind(binding.child("decoder")).given(Optional.empty()).apply(code);
    return x.sub(again).square().sum(new int[] {1});
  }

  @Override
  public int trainingRows() {
    return rows.rows();
  }

  @Override
  public int validationRows() {
    return 0;
  }

  @Override
  public NDArray loss(Tape tape, Share share) {
    Binding binding = new Binding(tape, Binding.Mode.TRAIN, share.seed());
    return squares(binding, rows.select(share.rows())).mean();
  }

  @Override
  public double validate(Workers workers) {
    return Double.NaN;
  }
}
