package org.thalweg.sbi.simulator;

import java.util.List;
import org.thalweg.api.inference.SimulatorProvider;

/** All simulators of this plugin. */
public final class Simulators {
  private Simulators() {}

  /** In the order in which they are listed. */
  public static List<SimulatorProvider<?>> all() {
    return List.of(
        GaussianLinear.PROVIDER,
        GaussianLinear.UNIFORM,
        GaussianMixture.PROVIDER,
        TwoMoons.PROVIDER,
        Slcp.PROVIDER,
        SlcpDistractors.PROVIDER,
        BernoulliGlm.PROVIDER,
        BernoulliGlm.RAW,
        Sir.PROVIDER,
        LotkaVolterra.PROVIDER,
        Mg1.PROVIDER,
        LotkaVolterraJump.PROVIDER,
        ProcessSimulator.PROVIDER);
  }
}
