package org.thalweg.bench.contrastive;

/** The Lotka-Volterra jump process as the thesis's code observed it (notes, B9.3). */
final class JumpProcess {
  static final double[] TRUTH = {Math.log(0.01), Math.log(0.5), 0, Math.log(0.01)};
  static final double[] OBSERVATION = {
    -0.2103176068,
    0.8439783104,
    0.6860185401,
    3.9992267277,
    0.7737200903,
    0.7671589639,
    3.1639444124,
    4.1979793233,
    -0.2711889106,
  };

  private JumpProcess() {}
}
