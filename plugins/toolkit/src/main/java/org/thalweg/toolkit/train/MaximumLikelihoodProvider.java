package org.thalweg.toolkit.train;

import ai.djl.ndarray.types.Shape;
import java.util.EnumSet;
import java.util.Set;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;

/**
 * The estimator that trains any density by maximum likelihood, under the density's own name.
 *
 * @param <C> the density's options
 */
public final class MaximumLikelihoodProvider<C extends Record>
    implements EstimatorProvider<MaximumLikelihoodConfig> {
  private final DensityProvider<C> density;
  private final Training training;
  private final Preparation<C> preparation;

  /** The estimator of a density with the usual training. */
  public MaximumLikelihoodProvider(DensityProvider<C> density) {
    this(density, Training.DEFAULT);
  }

  /** The estimator of a density whose training has other defaults. */
  public MaximumLikelihoodProvider(DensityProvider<C> density, Training training) {
    this(density, training, new Preparation<>() {});
  }

  /** The estimator of a density that takes its table in a form of its own. */
  public MaximumLikelihoodProvider(
      DensityProvider<C> density, Training training, Preparation<C> preparation) {
    this.density = density;
    this.training = training;
    this.preparation = preparation;
  }

  @Override
  public String name() {
    return density.name();
  }

  @Override
  public String summary() {
    return density.summary();
  }

  @Override
  public String paper() {
    return density.paper();
  }

  @Override
  public MaximumLikelihoodConfig defaults() {
    return new MaximumLikelihoodConfig(training, density.defaults());
  }

  @Override
  public Set<Capability> capabilities() {
    EnumSet<Capability> out = EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER);
    if (density.flow()) {
      out.add(Capability.TO_NOISE);
    }
    return out;
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
  public Dataset declare(MaximumLikelihoodConfig config, Dataset data) {
    return preparation.declare(own(config), data);
  }

  @Override
  public Estimator create(MaximumLikelihoodConfig config, EstimatorContext context) {
    C own = own(config);
    return (data, options, listener) -> {
      DensityModel model =
          new MaximumLikelihoodFit(
                  name(),
                  config,
                  this::build,
                  maker(),
                  train -> preparation.standardise(own, train),
                  context,
                  declare(config, data),
                  options,
                  listener)
              .run();
      return model.with(preparation.judged(own, model.card()));
    };
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    MaximumLikelihoodConfig config = (MaximumLikelihoodConfig) reader.card().config();
    Schema schema = reader.card().schema();
    ParameterStore store = new ParameterStore(context.engine(), new Seed(reader.card().seed()));
    TrainableDensity trainable = build(config, schema, store, context);
    store.load(reader);
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return maker().make(reader.card(), context.engine(), store, trainable, standardiser);
  }

  private MaximumLikelihoodFit.Maker maker() {
    return density.flow() ? FlowModel::new : DensityModel::new;
  }

  @SuppressWarnings("unchecked") // the config was bound to this provider's defaults
  private C own(MaximumLikelihoodConfig config) {
    return (C) config.density();
  }

  private TrainableDensity build(
      MaximumLikelihoodConfig config,
      Schema schema,
      ParameterStore store,
      EstimatorContext context) {
    Shape event = new Shape(schema.features().size());
    Shape given = new Shape(schema.contexts().size());
    return density.create(own(config), new BuildContext(event, given, store, context.registry()));
  }
}
