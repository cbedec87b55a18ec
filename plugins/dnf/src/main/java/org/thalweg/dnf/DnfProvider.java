package org.thalweg.dnf;

import java.util.Arrays;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.train.Objective;

/** Registers the estimator {@code dnf}. */
public final class DnfProvider extends ManifoldProvider<DnfConfig> {
  @Override
  public String name() {
    return "dnf";
  }

  @Override
  public String summary() {
    return "denoising flow: a manifold and the density on it, learnt from rows with noise added";
  }

  @Override
  public String paper() {
    return "Horvat, Pfister: Denoising Normalizing Flow, 2021";
  }

  @Override
  public DnfConfig defaults() {
    return DnfConfig.DEFAULT;
  }

  @Override
  public Estimator create(DnfConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new ManifoldFit(
                new Kind(config), config, config.manifold(), config.training(), context, listener)
            .run(data, options);
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    DnfConfig config = (DnfConfig) reader.card().config();
    return new DnfModel(reader.card(), made(config.manifold(), reader, context));
  }

  private record Kind(DnfConfig config) implements ManifoldFit.Kind {
    private static final int JUDGED = 20_000;

    @Override
    public String name() {
      return "dnf";
    }

    @Override
    public int judgedRows() {
      return JUDGED;
    }

    @Override
    public Objective objective(ManifoldFit.Parts parts) {
      return new DnfObjective(
          config,
          parts.engine(),
          parts.nets(),
          parts.standardiser(),
          parts.train(),
          parts.validation(),
          parts.options().seed());
    }

    @Override
    public ManifoldModel model(ModelCard card, ManifoldModel.Made made) {
      return new DnfModel(
          card.withMetric("noise_sd", config.sigma() * made.standardiser().scale(0)), made);
    }

    /** Densities on the manifold are comparable across sigma; those of inflated rows are not. */
    @Override
    public ModelCard measured(ModelCard card, ManifoldModel model, Rows rows, String part) {
      DnfModel own = (DnfModel) model;
      double[] everywhere = own.manifold(rows, 0);
      double on =
          Arrays.stream(own.manifold(rows, config.cutoff())).filter(Double::isFinite).count();
      return card.withMetric(
              part + "_manifold_log_density", Arrays.stream(everywhere).average().orElseThrow())
          .withMetric(part + "_share_on_manifold", on / rows.size())
          .withMetric("noise_sd", config.sigma() * own.scale());
    }
  }
}
