package org.thalweg.vi.gmm;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.infer.Special;
import org.thalweg.toolkit.train.Workers;

/**
 * A mixture of Gaussians whose parameters are integrated out under their variational posterior: the
 * density {@code predictive} is exact for it.
 */
final class GmmVbModel implements Model, LogDensity, Sampler, Assignment {
  static final String POSTERIOR = "posterior";

  private static final Named PREDICTIVE = Named.exact("predictive");
  private static final int CHUNK = 1024;

  private final ModelCard card;
  private final MixturePosterior posterior;
  private final Predictive predictive;
  private final Standardiser standardiser;
  private final Workers workers;

  GmmVbModel(
      ModelCard card, MixturePosterior posterior, Standardiser standardiser, Workers workers) {
    this.card = card;
    this.posterior = posterior;
    this.predictive = new Predictive(posterior);
    this.standardiser = standardiser;
    this.workers = workers;
  }

  /** The same model under another card; the workers are shared. */
  GmmVbModel with(ModelCard other) {
    return new GmmVbModel(other, posterior, standardiser, workers);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Screening screen(Rows rows) {
    return standardiser.screen(rows, schema());
  }

  @Override
  public List<Named> densities() {
    return List.of(PREDICTIVE);
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    density(named.name());
    double[] x = standardised(rows);
    double[] out = standardiser.logAbsDet(rows.features());
    each(
        rows.size(),
        n -> out[n] += Special.logSumExp(predictive.logParts(x, n * predictive.dimension())));
    return new Scores(out, Optional.empty());
  }

  @Override
  public int components() {
    return predictive.components();
  }

  /** p(component | row) under the predictive density. */
  @Override
  public Matrix probabilities(Rows rows) {
    double[] x = standardised(rows);
    int k = components();
    double[] out = new double[rows.size() * k];
    each(
        rows.size(),
        n -> {
          double[] parts = predictive.logParts(x, n * predictive.dimension());
          double total = Special.logSumExp(parts);
          for (int i = 0; i < k; i++) {
            out[n * k + i] = Math.exp(parts[i] - total);
          }
        });
    return new Matrix(rows.size(), k, out);
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    if (context.columns() != 0) {
      throw ThalwegException.usage(
          "The model has no context columns, the rows have %d.", context.columns());
    }
    int d = predictive.dimension();
    int n = Math.multiplyExact(perContext, context.rows());
    double[] out = new double[Math.multiplyExact(n, d)];
    // A stream a row, so that more rows begin with the same ones.
    each(n, i -> System.arraycopy(predictive.draw(seed.child(i).generator()), 0, out, i * d, d));
    return standardiser.inverse(out);
  }

  private void each(int rows, IntConsumer work) {
    workers.map(
        (rows + CHUNK - 1) / CHUNK,
        chunk -> {
          for (int n = chunk * CHUNK; n < Math.min(rows, (chunk + 1) * CHUNK); n++) {
            work.accept(n);
          }
          return 0;
        });
  }

  private double[] standardised(Rows rows) {
    int d = predictive.dimension();
    if (rows.features().columns() != d || rows.context().columns() != 0) {
      throw ThalwegException.usage(
          "The model has %d feature and 0 context columns, the rows have %d and %d.",
          d, rows.features().columns(), rows.context().columns());
    }
    return standardiser.features(rows.features());
  }

  @Override
  public void save(ModelWriter writer) {
    writer.value("standardiser", standardiser.toMap());
    posterior.save(writer, POSTERIOR);
  }

  @Override
  public void close() {
    workers.close();
  }
}
