package org.thalweg.deconvolution;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** Registers the estimator {@code deconv-flow}. */
public final class DeconvFlowProvider implements EstimatorProvider<DeconvFlowConfig> {
  @Override
  public String name() {
    return "deconv-flow";
  }

  @Override
  public String summary() {
    return "density of noise-free rows from noisy ones, as a flow fitted by variational inference";
  }

  @Override
  public String paper() {
    return "Dockhorn, Ritchie, Yu, Murray: Density Deconvolution with Normalizing Flows, 2020";
  }

  @Override
  public DeconvFlowConfig defaults() {
    return DeconvFlowConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER, Capability.LATENT_POSTERIOR);
  }

  @Override
  public boolean conditional() {
    return true;
  }

  @Override
  public boolean missing() {
    return true;
  }

  @Override
  public Set<Role> roles() {
    return EnumSet.of(Role.FEATURE, Role.CONTEXT, Role.WEIGHT, Role.NOISE_SD, Role.NOISE_COV);
  }

  @Override
  public DeconvFlow create(DeconvFlowConfig config, EstimatorContext context) {
    return new DeconvFlow(name(), config, context, Optional.empty());
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    DeconvFlowConfig config = (DeconvFlowConfig) reader.card().config();
    Schema schema = reader.card().schema();
    ParameterStore store = new ParameterStore(context.engine(), new Seed(reader.card().seed()));
    DeconvNets nets =
        DeconvNets.build(
            config, schema.features().size(), schema.contexts().size(), store, context.registry());
    store.load(reader);
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return new DeconvFlowModel(reader.card(), context.engine(), store, nets, standardiser);
  }
}
