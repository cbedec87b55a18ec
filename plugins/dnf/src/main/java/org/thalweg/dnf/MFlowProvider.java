package org.thalweg.dnf;

import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.train.Objective;

/** Registers the estimator {@code m-flow}. */
public final class MFlowProvider extends ManifoldProvider<MFlowConfig> {
  @Override
  public String name() {
    return "m-flow";
  }

  @Override
  public String summary() {
    return "manifold flow: a manifold by reconstruction, and a flow over the coordinates on it";
  }

  @Override
  public String paper() {
    return "Brehmer, Cranmer: Flows for simultaneous manifold learning and density estimation, 2020";
  }

  @Override
  public MFlowConfig defaults() {
    return MFlowConfig.DEFAULT;
  }

  @Override
  public Estimator create(MFlowConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new ManifoldFit(
                new Kind(config), config, config.manifold(), config.training(), context, listener)
            .run(data, options);
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    MFlowConfig config = (MFlowConfig) reader.card().config();
    return new MFlowModel(reader.card(), made(config.manifold(), reader, context));
  }

  private record Kind(MFlowConfig config) implements ManifoldFit.Kind {
    /** A Gram determinant takes as many passes as the manifold has dimensions. */
    private static final int JUDGED = 1000;

    @Override
    public String name() {
      return "m-flow";
    }

    @Override
    public int judgedRows() {
      return JUDGED;
    }

    @Override
    public Objective objective(ManifoldFit.Parts parts) {
      return new MFlowObjective(
          config,
          parts.engine(),
          parts.nets(),
          parts.standardiser(),
          parts.train(),
          parts.options().seed());
    }

    @Override
    public ManifoldModel model(ModelCard card, ManifoldModel.Made made) {
      return new MFlowModel(card, made);
    }

    @Override
    public ModelCard measured(ModelCard card, ManifoldModel model, Rows rows, String part) {
      return card;
    }
  }
}
