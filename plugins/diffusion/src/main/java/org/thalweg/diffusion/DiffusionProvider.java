package org.thalweg.diffusion;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.data.PixelValues;
import org.thalweg.toolkit.data.Standardiser;

/** Registers score-based diffusion over tables and images. */
public final class DiffusionProvider implements EstimatorProvider<DiffusionConfig> {
  @Override
  public String name() {
    return "diffusion";
  }

  @Override
  public String summary() {
    return "score-based diffusion trained by maximum likelihood";
  }

  @Override
  public String paper() {
    return "Song, Durkan, Murray, Ermon: Maximum Likelihood Training of Score-Based Diffusion "
        + "Models, 2021";
  }

  @Override
  public DiffusionConfig defaults() {
    return DiffusionConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.LOG_DENSITY,
        Capability.SAMPLER,
        Capability.SCORE,
        Capability.ENCODER,
        Capability.DECODER,
        Capability.TO_NOISE);
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
  public Dataset declare(DiffusionConfig config, Dataset data) {
    if (!config.pixels()) {
      return data;
    }
    config.image().of(data.schema().features().size());
    PixelValues.require(
        data,
        config.bits(),
        "Set bits, or preprocess=standardise where columns are no pixel values.");
    List<Column> columns =
        data.schema().columns().stream()
            .map(column -> column.role() == Role.FEATURE ? pixel(column) : column)
            .toList();
    return new Dataset(new Schema(columns), data.rows());
  }

  private static Column pixel(Column column) {
    return new Column(column.name(), column.role(), new Kind.IntegerValued(), OptionalDouble.of(1));
  }

  @Override
  public Estimator create(DiffusionConfig config, EstimatorContext context) {
    config.diffusion().sde();
    config.scoring().solver(context.engine().dataType());
    return (data, options, listener) ->
        new DiffusionFit(name(), config, context, declare(config, data), options, listener).run();
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    DiffusionConfig config = (DiffusionConfig) reader.card().config();
    Schema schema = reader.card().schema();
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    Parts parts =
        new Parts(
            config,
            schema,
            standardiser,
            Parts.origins(reader, schema.features().size()),
            context,
            reader.card().seed());
    parts.load(reader);
    return new DiffusionModel(reader.card(), parts);
  }
}
