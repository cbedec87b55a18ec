package org.thalweg.vi;

import org.thalweg.api.config.Option;

/** The options of planar and radial approximations. */
public record LayersConfig(
    @Option(value = "transforms in a row after a mean-field normal", min = 1, max = 1000)
        int layers,
    @Option("whether units keep to the axes") Axes axes,
    @Option("how it is trained") Fitting fitting) {
  static final LayersConfig DEFAULT =
      new LayersConfig(16, Axes.KEPT, Fitting.steps(5000, 0.01, Fitting.Gradient.TOTAL));
}
