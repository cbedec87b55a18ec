package org.thalweg.vi.target;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.TargetData;
import org.thalweg.vi.target.Schools.Form;
import org.thalweg.vi.target.Schools.Hyperprior;

/** All targets. */
public final class Targets {
  private static final String SCHOOLS =
      "Rubin: Estimation in parallel randomized experiments, 1981; Gelman and others: Bayesian Data"
          + " Analysis, 2013, section 5.5";

  private static final String POSTERIORDB =
      "Magnusson and others: posteriordb, 2024; data as it publishes them";

  private static final UnaryOperator<NDArray> WIDE_NORMAL = x -> LogDensities.normal(x, 0, 10);

  private static final UnaryOperator<NDArray> WIDE_HALF_NORMAL =
      x -> LogDensities.halfNormal(x, 10);

  private Targets() {}

  /** All targets. */
  public static List<TargetProvider<?>> all() {
    List<TargetProvider<?>> out = new ArrayList<>(Toys.all());
    out.addAll(schools("eight-schools", 8));
    out.addAll(schools("two-schools", 2));
    out.addAll(schools("one-school", 1));
    out.add(paper("eight-schools-paper-centered", 8, Form.CENTERED));
    out.add(paper("eight-schools-paper-noncentered", 8, Form.NONCENTERED));
    out.add(paper("two-schools-paper-centered", 2, Form.CENTERED));
    out.addAll(posteriordb());
    return out;
  }

  private static List<NamedTarget> schools(String name, int count) {
    return Arrays.stream(Form.values())
        .map(
            form ->
                NamedTarget.free(
                    name + (form == Form.CENTERED ? "-centered" : "-noncentered"),
                    "effects of coaching in schools, by "
                        + (form == Form.CENTERED ? "themselves" : "their distances from the mean"),
                    SCHOOLS,
                    data -> Schools.of(count, form, Hyperprior.ONCE, data)))
        .toList();
  }

  private static NamedTarget paper(String name, int count, Form form) {
    return NamedTarget.free(
        name,
        "the schools' model with the prior of mu and tau once a school, as the paper's figures fit",
        "Segonne: Variational Inference using Normalizing Flows, Tables II to V",
        data -> Schools.of(count, form, Hyperprior.ONCE_A_SCHOOL, data));
  }

  private static List<NamedTarget> posteriordb() {
    return List.of(
        model("ark", "autoregression of order K", Autoregression::of, "K", "y"),
        model(
            "earn-height",
            "regression of earnings on height, flat priors",
            data -> Regression.onColumns(data, data.atLeast(1, "earn"), Regression.FLAT, "height"),
            "earn",
            "height"),
        model(
            "logearn-height",
            "regression of the logarithm of earnings on height, flat priors",
            data ->
                Regression.onColumns(
                    data,
                    Arrays.stream(data.positive("earn")).map(Math::log).toArray(),
                    Regression.FLAT,
                    "height"),
            "earn",
            "height"),
        model("garch11", "GARCH(1, 1), flat priors", Garch::of, "y", "sigma1"),
        model(
            "gp-pois-regr",
            "Poisson counts along a Gaussian process",
            GaussianProcess::of,
            "x",
            "k"),
        model("hmm-example", "hidden Markov chain of two states", HiddenMarkov::of, "K", "y"),
        children("kidscore-momhs", "mother's school", "mom_hs"),
        children("kidscore-momhsiq", "mother's school and score", "mom_hs", "mom_iq"),
        children("kidscore-momiq", "mother's score", "mom_iq"),
        model("low-dim-gauss-mix", "mixture of two normals on the line", TwoNormals::of, "y"),
        model(
            "blr",
            "linear regression with normal priors",
            data -> {
              double[] y = data.atLeast(1, "y");
              return new Regression(data.matrix("X", y.length), y, WIDE_NORMAL, WIDE_HALF_NORMAL);
            },
            "X",
            "y"));
  }

  private static NamedTarget children(String name, String on, String... columns) {
    String[] needed = Arrays.copyOf(columns, columns.length + 1);
    needed[columns.length] = "kid_score";
    return model(
        name,
        "regression of children's scores on their " + on,
        data ->
            Regression.onColumns(
                data, data.atLeast(1, "kid_score"), Regression.HALF_CAUCHY, columns),
        needed);
  }

  private static NamedTarget model(
      String name,
      String summary,
      Function<TargetData, BayesianModel> maker,
      String... requiredData) {
    return new NamedTarget(name, summary, POSTERIORDB, List.of(requiredData), maker);
  }
}
