package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** y = x exp(2 tanh(s / 2)) + t, with a mistake. */
record Affine(Mistake mistake) implements Univariate {
  /** No options. */
  public record Config() {}

  record Provider(Mistake mistake) implements UnivariateProvider<Config> {
    @Override
    public String name() {
      return "bounded-affine";
    }

    @Override
    public String summary() {
      return "A test";
    }

    @Override
    public Config defaults() {
      return new Config();
    }

    @Override
    public Univariate create(Config config) {
      return new Affine(mistake);
    }
  }

  @Override
  public int parameterCount() {
    return 2;
  }

  @Override
  public double[] identity() {
    return new double[] {0, mistake == Mistake.IDENTITY ? 0.1 : 0};
  }

  @Override
  public Elementwise forward(Tape tape, NDArray x, NDArray parameters) {
    NDArray s = logScale(parameters);
    NDArray t = shift(parameters);
    NDArray scaled = x.mul(mistake == Mistake.DECREASING ? s.exp().neg() : s.exp());
    NDArray y = scaled.add(t);
    if (mistake == Mistake.NEIGHBOURS) {
      y = y.add(x.mean().mul(0.01));
    } else if (mistake == Mistake.OVERFLOW) {
      y = y.add(x.exp().log().sub(x).mul(1e-9));
    }
    return new Elementwise(y, mistake == Mistake.SIGN ? s.neg() : s);
  }

  @Override
  public Elementwise inverse(Tape tape, NDArray y, NDArray parameters) {
    NDArray s = logScale(parameters);
    NDArray x = y.sub(shift(parameters)).mul(s.neg().exp());
    return new Elementwise(mistake == Mistake.INVERSE ? x.add(1e-4) : x, s.neg());
  }

  private static NDArray logScale(NDArray parameters) {
    return parameters.get("..., 0").div(2).tanh().mul(2);
  }

  private NDArray shift(NDArray parameters) {
    NDArray t = parameters.get("..., 1");
    return mistake == Mistake.DEAD_PARAMETER ? t.mul(0) : t;
  }
}
