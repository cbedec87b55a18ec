package org.thalweg.aem;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** Registers the estimator {@code aem}. */
public final class AemProvider implements EstimatorProvider<AemConfig> {
  @Override
  public String name() {
    return "aem";
  }

  @Override
  public String summary() {
    return "Autoregressive energy machine: a learnt energy for each conditional, normalised by"
        + " importance sampling";
  }

  @Override
  public String paper() {
    return "Durkan and Nash, 2019, Autoregressive Energy Machines";
  }

  @Override
  public AemConfig defaults() {
    return AemConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER);
  }

  @Override
  public boolean conditional() {
    return true;
  }

  @Override
  public Set<Role> roles() {
    return EnumSet.of(Role.FEATURE, Role.CONTEXT, Role.WEIGHT);
  }

  @Override
  public Estimator create(AemConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new AemFit(name(), config, context.engine(), listener).run(data, options);
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    AemConfig config = (AemConfig) reader.card().config();
    Schema schema = reader.card().schema();
    ParameterStore store = new ParameterStore(context.engine(), new Seed(reader.card().seed()));
    AemNets nets = AemNets.build(config, schema.features().size(), schema.contexts().size(), store);
    store.load(reader);
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return new AemModel(reader.card(), context.engine(), store, nets, standardiser, kernel(reader));
  }

  private static Kernel kernel(ModelReader reader) {
    if (reader.values().get("kernel") instanceof Map<?, ?> map
        && map.get("bandwidth") instanceof Number bandwidth
        && map.get("mix") instanceof Number mix
        && bandwidth.doubleValue() > 0
        && mix.doubleValue() > 0
        && mix.doubleValue() < 1) {
      return new Kernel(bandwidth.doubleValue(), mix.doubleValue());
    }
    throw ThalwegException.data(
        "The model file holds no kernel of an energy machine: %s.", reader.values().get("kernel"));
  }
}
