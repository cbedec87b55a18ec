package org.thalweg.dnf;

import java.util.EnumSet;
import java.util.Set;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** What the estimators of flows on manifolds have in common. */
abstract sealed class ManifoldProvider<C extends Record> implements EstimatorProvider<C>
    permits DnfProvider, MFlowProvider {
  @Override
  public final Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.LOG_DENSITY,
        Capability.SAMPLER,
        Capability.ENCODER,
        Capability.DECODER,
        Capability.PROJECTION);
  }

  @Override
  public final boolean conditional() {
    return true;
  }

  @Override
  public final int fewestFeatures() {
    return 2;
  }

  @Override
  public final Set<Role> roles() {
    return EnumSet.of(Role.FEATURE, Role.CONTEXT, Role.WEIGHT);
  }

  /** The parts of a stored model. */
  static ManifoldModel.Made made(
      ManifoldConfig config, ModelReader reader, EstimatorContext context) {
    Schema schema = reader.card().schema();
    int columns = schema.features().size();
    if (!(reader.values().get("dimension") instanceof Number number)
        || number.intValue() < 1
        || number.intValue() >= columns) {
      throw ThalwegException.data(
          "The model file says that the manifold in %d columns has dimension %s.",
          columns, reader.values().get("dimension"));
    }
    ParameterStore store = new ParameterStore(context.engine(), new Seed(reader.card().seed()));
    ManifoldNets nets =
        ManifoldNets.build(config, number.intValue(), schema, store, context.registry());
    store.load(reader);
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return new ManifoldModel.Made(context.engine(), store, nets, standardiser);
  }
}
