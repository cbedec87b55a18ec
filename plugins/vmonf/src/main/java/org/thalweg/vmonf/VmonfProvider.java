package org.thalweg.vmonf;

import java.util.EnumSet;
import java.util.Set;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** Registers the estimator {@code vmonf}. */
public final class VmonfProvider implements EstimatorProvider<VmonfConfig> {
  @Override
  public String name() {
    return "vmonf";
  }

  @Override
  public String summary() {
    return "variational mixture of flows: clusters of any shape, with or without some labels";
  }

  @Override
  public String paper() {
    return "Pires, Figueiredo: Variational Mixture of Normalizing Flows, 2020";
  }

  @Override
  public VmonfConfig defaults() {
    return VmonfConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER, Capability.ASSIGNMENT);
  }

  @Override
  public boolean conditional() {
    return true;
  }

  @Override
  public Set<Role> roles() {
    return EnumSet.of(Role.FEATURE, Role.CONTEXT, Role.LABEL, Role.WEIGHT);
  }

  @Override
  public Estimator create(VmonfConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new VmonfFit(name(), config, context, listener).run(data, options);
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    VmonfConfig config = (VmonfConfig) reader.card().config();
    Schema schema = reader.card().schema();
    ParameterStore store = new ParameterStore(context.engine(), new Seed(reader.card().seed()));
    VmonfNets nets = VmonfNets.build(config, schema, store, context.registry());
    store.load(reader);
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return new VmonfModel(reader.card(), context.engine(), store, nets, standardiser);
  }
}
