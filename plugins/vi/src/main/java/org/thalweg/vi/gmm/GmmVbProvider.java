package org.thalweg.vi.gmm;

import java.util.EnumSet;
import java.util.Set;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Workers;

/** Registers the estimator {@code gmm-vb}. */
public final class GmmVbProvider implements EstimatorProvider<GmmVbConfig> {
  @Override
  public String name() {
    return "gmm-vb";
  }

  @Override
  public String summary() {
    return "a mixture of Gaussians under conjugate priors, whose number of components is found";
  }

  @Override
  public String paper() {
    return "Variational inference with normalizing flows, section II; Bishop, Pattern Recognition"
        + " and Machine Learning, 2006, section 10.2";
  }

  @Override
  public GmmVbConfig defaults() {
    return GmmVbConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER, Capability.ASSIGNMENT);
  }

  @Override
  public boolean conditional() {
    return false;
  }

  @Override
  public Estimator create(GmmVbConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new GmmVbFit(name(), config, context.engine(), data, options, listener).run();
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    Schema schema = reader.card().schema();
    MixturePosterior posterior =
        MixturePosterior.load(reader, GmmVbModel.POSTERIOR, schema.features().size());
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    Workers workers = new Workers(context.engine().parallelism());
    return new GmmVbModel(reader.card(), posterior, standardiser, workers);
  }
}
