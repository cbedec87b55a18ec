package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.nn.NetSize;

/** Registers {@link Coupling}, and its degenerate form for a single column. */
public final class CouplingProvider implements TransformProvider<CouplingConfig> {
  @Override
  public String name() {
    return "coupling";
  }

  @Override
  public String summary() {
    return "every second column transformed given the others; one pass in both directions";
  }

  @Override
  public String paper() {
    return "Dinh, Sohl-Dickstein, Bengio: Real NVP, 2017, section 3; Durkan et al.: Neural Spline"
        + " Flows, 2019, eqs. 9 to 11";
  }

  @Override
  public CouplingConfig defaults() {
    return CouplingConfig.DEFAULT;
  }

  /** A single column has no other to be conditioned on: it is transformed given the context. */
  @Override
  public TrainableTransform create(CouplingConfig config, BuildContext context) {
    Univariate univariate = Families.overTheLine(context.registry(), config.univariate());
    NetSize size = new NetSize(config.hidden(), config.blocks(), config.dropout());
    return Vectors.dimension(context) == 1
        ? new ColumnWise(context, size, univariate)
        : new Coupling(context, size, univariate, config.transformed(), config.rest());
  }
}
