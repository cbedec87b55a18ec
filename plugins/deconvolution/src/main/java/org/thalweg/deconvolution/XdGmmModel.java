package org.thalweg.deconvolution;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/**
 * A mixture of Gaussians of noise-free rows. Both densities are exact: {@code latent}, log p(v) of
 * rows taken to be without noise, and {@code observed}, log p(w) of rows with their errors. Missing
 * features are integrated out in either.
 */
public final class XdGmmModel implements Model, LogDensity, Sampler, LatentPosterior {
  private static final Named LATENT = Named.exact("latent");
  private static final Named OBSERVED = Named.exact("observed");

  private final ModelCard card;
  private final Mixture mixture;
  private final Standardiser standardiser;
  private final Errors errors;
  private final Workers workers;

  XdGmmModel(ModelCard card, Mixture mixture, Standardiser standardiser, int threads) {
    this(card, mixture, standardiser, new Workers(threads));
  }

  private XdGmmModel(ModelCard card, Mixture mixture, Standardiser standardiser, Workers workers) {
    this.card = card;
    this.mixture = mixture;
    this.standardiser = standardiser;
    this.workers = workers;
    this.errors =
        Errors.of(((XdGmmConfig) card.config()).errors(), card.schema(), Soundness.SEMI_DEFINITE);
  }

  /** The same model under another card; the workers are shared. */
  XdGmmModel with(ModelCard other) {
    return new XdGmmModel(other, mixture, standardiser, workers);
  }

  /** The mixture, of standardised rows. */
  Mixture mixture() {
    return mixture;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Screening screen(Rows rows) {
    return Screens.of(rows, errors, standardiser, schema());
  }

  @Override
  public List<Named> densities() {
    return List.of(LATENT, OBSERVED);
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    require(rows);
    NoisyRows noisy =
        named.name().equals(LATENT.name())
            ? Errors.exact(rows, standardiser, schema())
            : errors.of(rows, standardiser);
    boolean[] sound = noisy.sound();
    int[] order = IntStream.range(0, rows.size()).filter(i -> sound[i]).toArray();
    Em em = new Em(RowBlock.of(noisy, RowBlock.ones(rows.size()), order), workers);
    double[] values = em.logDensity(mixture, rows.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = sound[i] ? values[i] + noisy.logAbsDet(i) : Double.NaN;
    }
    return new Scores(values, Optional.empty());
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    if (context.columns() != 0) {
      throw ThalwegException.usage(
          "The model has no context columns, the rows have %d.", context.columns());
    }
    int d = mixture.dimension();
    int n = perContext * context.rows();
    double[] out = new double[n * d];
    GaussianDraws draws = GaussianDraws.of(mixture);
    for (int i = 0; i < n; i++) {
      // A stream a row, so that more rows begin with the same ones.
      draws.into(out, i * d, seed.child(i).generator());
    }
    return standardiser.inverse(out);
  }

  /**
   * Exact: p(v | w) is a mixture again, with means m + V T^-1 (w - m) and covariances V - V T^-1 V.
   */
  @Override
  public Draws denoise(Rows rows, int perRow, Seed seed) {
    require(rows);
    NoisyRows noisy = errors.of(rows, standardiser);
    noisy.requireSound();
    int n = rows.size();
    int d = mixture.dimension();
    double[] samples = new double[n * perRow * d];
    double[] means = new double[n * d];
    double[] upper = new double[n * d];
    double[] effective = new double[n];
    int chunk = 256;
    workers.map(
        (n + chunk - 1) / chunk,
        c -> {
          for (int i = c * chunk; i < Math.min(n, (c + 1) * chunk); i++) {
            Mixture posterior = RowPosterior.of(mixture, noisy, i);
            double[] moments = RowPosterior.moments(posterior);
            for (int j = 0; j < d; j++) {
              means[i * d + j] = moments[j];
              upper[i * d + j] = moments[j] + Math.sqrt(moments[d + j]);
            }
            GaussianDraws draws = GaussianDraws.of(posterior);
            SplittableRandom random = seed.child(i).generator();
            for (int s = 0; s < perRow; s++) {
              draws.into(samples, (i * perRow + s) * d, random);
            }
            effective[i] = perRow;
          }
          return 0;
        });
    Matrix centre = standardiser.inverse(means);
    Matrix above = standardiser.inverse(upper);
    double[] deviations = new double[n * d];
    for (int e = 0; e < deviations.length; e++) {
      // Standardisation is linear here: a standard deviation is a difference.
      deviations[e] = above.values()[e] - centre.values()[e];
    }
    return new Draws(
        standardiser.inverse(samples), centre, new Matrix(n, d, deviations), effective);
  }

  private void require(Rows rows) {
    int d = mixture.dimension();
    if (rows.features().columns() != d || rows.context().columns() != 0) {
      throw ThalwegException.usage(
          "The model has %d feature and 0 context columns, the rows have %d and %d.",
          d, rows.features().columns(), rows.context().columns());
    }
  }

  @Override
  public void save(ModelWriter writer) {
    writer.value("standardiser", standardiser.toMap());
    XdState.save(writer, "mixture", mixture);
  }

  @Override
  public void close() {
    workers.close();
  }
}
