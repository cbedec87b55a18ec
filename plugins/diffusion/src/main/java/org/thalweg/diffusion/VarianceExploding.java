package org.thalweg.diffusion;

/**
 * {@code dx = g(t) dw} whose noise grows geometrically from a smallest to a largest deviation (Song
 * and others, 2021, table 1, "VE", in the parameters of the noise's deviation): {@code s(t) =
 * smallest (largest / smallest)^t}, the prior's deviation is the largest. The likelihood weighting
 * is the original one up to a constant here.
 *
 * @param smallest s(0), in units of the standardised data
 * @param largest s(1), many times the diameter of the data
 */
record VarianceExploding(double smallest, double largest) implements Sde {
  private double logRange() {
    return Math.log(largest / smallest);
  }

  @Override
  public double mean(double t) {
    return 1;
  }

  @Override
  public double deviation(double t) {
    return smallest * Math.exp(t * logRange());
  }

  @Override
  public double drift(double t) {
    return 0;
  }

  @Override
  public double squaredDiffusion(double t) {
    double s = deviation(t);
    return 2 * logRange() * s * s;
  }

  @Override
  public double priorDeviation() {
    return largest;
  }

  @Override
  public double weight(double t) {
    return 2 * logRange() * t;
  }

  @Override
  public double timeOfWeight(double weight) {
    return weight / (2 * logRange());
  }

  @Override
  public double timeOfRatio(double ratio) {
    return Math.log(ratio / smallest) / logRange();
  }
}
