package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.toolkit.infer.Values;

/**
 * The schools' model of Rubin (1981): {@code y_i ~ N(theta_i, sigma_i)}, {@code theta_i ~ N(mu,
 * tau)}, {@code mu ~ N(0, 5)}, {@code tau ~ half-Cauchy(5)} (Gelman and others, 2013, section 5.5;
 * "Variational inference with flows", eqs. 90 to 94).
 *
 * @param effects y, one a school
 * @param deviations sigma, one a school
 * @param form which parameters stand for the schools' effects
 * @param prior how often the prior of mu and tau counts
 */
public record Schools(double[] effects, double[] deviations, Form form, Hyperprior prior)
    implements BayesianModel {
  private static final double[] EFFECTS = {28, 8, -3, 7, -1, 1, 18, 12};
  private static final double[] DEVIATIONS = {15, 10, 16, 11, 9, 11, 10, 18};

  /** Which parameters stand for the schools' effects. */
  public enum Form {
    /** theta itself. */
    CENTERED,
    /** {@code (theta - mu) / tau} (eq. 100). */
    NONCENTERED
  }

  /** How often the prior of mu and tau counts. */
  public enum Hyperprior {
    /** Once, as the model is written. */
    ONCE,
    /**
     * Once a school, with the Jacobian of log tau: what the lower bounds of the paper's Tables II
     * to V fit.
     */
    ONCE_A_SCHOOL
  }

  /** The first schools of the published table, or all of data as posteriordb has it. */
  static Schools of(int schools, Form form, Hyperprior prior, TargetData data) {
    if (data.isEmpty()) {
      return new Schools(
          Arrays.copyOf(EFFECTS, schools), Arrays.copyOf(DEVIATIONS, schools), form, prior);
    }
    double[] y = data.vector("y", schools);
    double[] sigma = data.vector("sigma", schools);
    data.positive("sigma");
    return new Schools(y, sigma, form, prior);
  }

  /** The name of the parameters that stand for the schools' effects. */
  private String effectName() {
    return form == Form.CENTERED ? "theta" : "theta_trans";
  }

  @Override
  public List<ParameterBlock> parameters() {
    return List.of(
        new ParameterBlock(effectName(), effects.length, Support.REAL),
        ParameterBlock.real("mu"),
        new ParameterBlock("tau", 1, new Support.Above(0)));
  }

  @Override
  public NDArray logJoint(Values values) {
    NDArray own = values.get(effectName());
    NDArray mu = values.get("mu");
    NDArray tau = values.get("tau");
    boolean centered = form == Form.CENTERED;
    NDArray theta = centered ? own : own.mul(tau).add(mu);
    NDArray effect = centered ? LogDensities.normal(own, mu, tau) : LogDensities.normal(own, 0, 1);
    NDArray hyper = LogDensities.normal(mu, 0, 5).add(LogDensities.halfCauchy(tau, 5));
    if (prior == Hyperprior.ONCE_A_SCHOOL) {
      int more = effects.length - 1;
      hyper = hyper.mul(effects.length).add(tau.log().mul(more));
    }
    return values.total(
        LogDensities.normal(values.constant(effects), theta, values.constant(deviations)),
        effect,
        hyper);
  }
}
