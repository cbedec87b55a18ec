package org.thalweg.api.inference;

import java.util.List;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/** A distribution over parameters that knows its support. */
public interface Prior {
  /** The parameters with their supports, in order. */
  List<ParameterBlock> parameters();

  /** Draws {@code [n, P]}. */
  Matrix sample(int n, Seed seed);

  /** The normalised log-density of {@code [N, P]}; minus infinity outside the support. */
  double[] logDensity(Matrix parameters);
}
