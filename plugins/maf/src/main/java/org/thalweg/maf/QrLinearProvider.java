package org.thalweg.maf;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link QrLinear}. */
final class QrLinearProvider implements TransformProvider<QrLinearConfig> {
  @Override
  public String name() {
    return "qr-linear";
  }

  @Override
  public String summary() {
    return "invertible matrix in its QR decomposition, by Householder reflections, with a shift";
  }

  @Override
  public String paper() {
    return "Tomczak, Welling: Improving VAEs using Householder Flow, 2016; Hoogeboom et al.:"
        + " Emerging Convolutions, 2019";
  }

  @Override
  public QrLinearConfig defaults() {
    return QrLinearConfig.DEFAULT;
  }

  @Override
  public TrainableTransform create(QrLinearConfig config, BuildContext context) {
    return new QrLinear(context.scope(), Vectors.dimension(context), config.reflections());
  }
}
