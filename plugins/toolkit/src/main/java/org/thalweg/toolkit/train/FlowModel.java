package org.thalweg.toolkit.train;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.Flow;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;

/** A trained flow over a table: besides what a density gives, the noise that rows stand for. */
final class FlowModel extends DensityModel implements ToNoise {
  FlowModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      TrainableDensity density,
      Standardiser standardiser) {
    super(card, engine, store, density, standardiser);
  }

  private FlowModel(ModelCard card, FlowModel same) {
    super(card, same);
  }

  @Override
  FlowModel with(ModelCard other) {
    return new FlowModel(other, this);
  }

  @Override
  public Matrix toNoise(Rows rows) {
    double[] z = map(rows, (density, x) -> flow(density).transform().forward(x).value());
    return new Matrix(rows.size(), rows.features().columns(), z);
  }

  @Override
  public Matrix sampleBase(int perContext, Matrix context, Seed seed) {
    double[] z = draws(perContext, context, seed, density -> flow(density).base());
    int d = schema().features().size();
    return new Matrix(z.length / d, d, z);
  }

  private Flow flow(Density density) {
    if (density instanceof Flow flow) {
      return flow;
    }
    throw new IllegalStateException(
        "The density '%s' is registered as a flow, but is none.".formatted(card().estimator()));
  }
}
