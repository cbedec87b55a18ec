package org.thalweg.diffusion;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.random.Seed;
import org.thalweg.diffusion.DequantisationConfig.Noise;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;

/** What a diffusion over a table is made of, trained or not. */
final class Parts {
  private static final String ORIGINS = "rounding_origins";

  private final DiffusionConfig config;
  private final Schema schema;
  private final Standardiser standardiser;
  private final double[] origins;
  private final Engine engine;
  private final Sde sde;
  private final double start;
  private final ParameterStore store;
  private final VelocityNet net;
  private final Optional<VariationalNoise> noise;

  Parts(
      DiffusionConfig config,
      Schema schema,
      Standardiser standardiser,
      double[] origins,
      EstimatorContext context,
      long seed) {
    this(config, schema, standardiser, origins, context, seed, Optional.empty());
  }

  /** The same with a net of another making. */
  Parts(
      DiffusionConfig config,
      Schema schema,
      Standardiser standardiser,
      double[] origins,
      EstimatorContext context,
      long seed,
      Optional<VelocityNet> other) {
    this.config = config;
    this.schema = schema;
    this.standardiser = standardiser;
    this.origins = origins;
    this.engine = context.engine();
    this.sde = config.diffusion().sde();
    this.start = config.diffusion().first();
    this.store = new ParameterStore(engine, new Seed(seed));
    this.net = other.orElseGet(() -> net(store.child("score")));
    this.noise =
        config.dequantisation().dequantise() == Noise.VARIATIONAL
            ? Optional.of(variational(context, seed))
            : Optional.empty();
  }

  private VelocityNet net(ParameterScope scope) {
    return config.image().declared()
        ? new ImageNet(
            scope, config.image().of(dimension()), contextSize(), config.scales(), config.net())
        : new TableNet(scope, dimension(), contextSize(), config.net());
  }

  private VariationalNoise variational(EstimatorContext context, long seed) {
    Steps steps = steps();
    ParameterStore own = new ParameterStore(engine, new Seed(seed));
    BuildContext build =
        new BuildContext(
            new Shape(dimension()),
            new Shape(dimension() + contextSize()),
            own.child("dequantiser"),
            context.registry());
    return new VariationalNoise(
        own,
        org.thalweg.toolkit.config.Parts.density(config.dequantisation().dequantiser(), build),
        steps);
  }

  DiffusionConfig config() {
    return config;
  }

  Schema schema() {
    return schema;
  }

  Standardiser standardiser() {
    return standardiser;
  }

  /** What the features were rounded to. */
  Steps steps() {
    return Steps.of(schema, standardiser, origins);
  }

  Engine engine() {
    return engine;
  }

  Sde sde() {
    return sde;
  }

  double start() {
    return start;
  }

  ParameterStore store() {
    return store;
  }

  VelocityNet net() {
    return net;
  }

  Optional<VariationalNoise> noise() {
    return noise;
  }

  int dimension() {
    return schema.features().size();
  }

  int contextSize() {
    return schema.contexts().size();
  }

  /** The trained velocity, for rows of these standardised contexts. */
  Velocity velocity(double[] contexts) {
    return new NetVelocity(engine, net, dimension(), contexts, contextSize());
  }

  void save(ModelWriter writer) {
    writer.value("standardiser", standardiser.toMap());
    writer.value(ORIGINS, Arrays.stream(origins).boxed().toList());
    store.save(writer);
    noise.ifPresent(n -> n.store().save(writer));
  }

  /** Of a stored model; those that say nothing were rounded to multiples of the steps. */
  static double[] origins(ModelReader reader, int columns) {
    double[] out = new double[columns];
    if (reader.values().get(ORIGINS) instanceof List<?> stored && stored.size() == columns) {
      Arrays.setAll(out, j -> stored.get(j) instanceof Number n ? n.doubleValue() : 0);
    }
    return out;
  }

  void load(ModelReader reader) {
    store.load(reader);
    noise.ifPresent(n -> n.store().load(reader));
  }
}
