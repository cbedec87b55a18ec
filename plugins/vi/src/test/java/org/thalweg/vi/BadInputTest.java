package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Support;
import org.thalweg.toolkit.infer.LogDensities;
import org.thalweg.toolkit.infer.Values;

class BadInputTest {
  private static LogDensityProblem model(Function<Values, NDArray> logJoint) {
    return Vi.model("bad", List.of(ParameterBlock.real("x"), ParameterBlock.real("y")), logJoint);
  }

  private static String refused(LogDensityProblem problem) {
    var refused =
        assertThrows(
            ThalwegException.class, () -> Vi.infer("advi", problem, Map.of("steps", 200), 1));
    assertEquals(ExitCode.USAGE, refused.exitCode(), refused.getMessage());
    assertTrue(refused.getMessage().contains("'bad'"), refused.getMessage());
    return refused.getMessage();
  }

  private static void says(String message, String part) {
    assertTrue(message.contains(part), message);
  }

  @Test
  void notANumberEverywhere() {
    says(
        refused(model(values -> values.total(values.get("x").square().add(1).neg().log()))),
        "not a number at 200 of 200");
  }

  @Test
  void plusInfinitySomewhere() {
    String message =
        refused(
            model(
                values -> {
                  NDArray x = values.get("x");
                  // log(0) below 1.5, and minus it above.
                  NDArray beyond = x.gt(1.5).toType(x.getDataType(), false);
                  NDArray none = beyond.neg().add(1).log().neg();
                  return values.total(LogDensities.normal(x, 0, 1), none);
                }));
    Matcher at = Pattern.compile("is infinite at \\(x = (\\S+), y").matcher(message);
    assertTrue(at.find(), message);
    assertTrue(Double.parseDouble(at.group(1)) > 1.5, message);
  }

  /**
   * A root of negative numbers is no number: where that is half of the space, nothing is hidden.
   */
  @Test
  void notANumberForHalfOfTheSpace() {
    LogDensityProblem half =
        model(
            values -> {
              NDArray x = values.get("x");
              return values.total(
                  LogDensities.normal(x, 0, 1),
                  LogDensities.normal(values.get("y"), 0, 1),
                  x.sqrt().mul(0));
            });
    var refused =
        assertThrows(ThalwegException.class, () -> Vi.infer("advi", half, Map.of("steps", 300), 1));
    assertEquals(ExitCode.DIVERGED, refused.exitCode(), refused.getMessage());
    says(refused.getMessage(), "not a number");
  }

  @Test
  void noMassAtAnyStart() {
    says(
        refused(
            model(
                values -> {
                  NDArray x = values.get("x");
                  // log(0) below 100.
                  return values.total(x.sub(100).gt(0).toType(x.getDataType(), false).log());
                })),
        "excludes every start");
  }

  @Test
  void constant() {
    says(refused(model(values -> values.total(values.get("x").mul(0).add(3)))), "a constant");
  }

  /** Over an interval a constant is the uniform distribution. */
  @Test
  void aConstantOverAnIntervalIsUniform() {
    LogDensityProblem uniform =
        Vi.model(
            "uniform",
            List.of(new ParameterBlock("x", 1, new Support.Interval(2, 6))),
            values -> values.total(values.get("x").mul(0)));
    try (Posterior posterior = Vi.infer("advi", uniform, Map.of("steps", 400), 1)) {
      assertEquals(Math.log(4), posterior.diagnostics().figures().get("elbo"), 0.05);
    }
  }

  @Test
  void improper() {
    String flat =
        refused(model(values -> values.total(LogDensities.normal(values.get("x"), 0, 1))));
    says(flat, "improper");
    says(flat, "'y'");
    LogDensityProblem scale =
        Vi.model(
            "bad",
            List.of(new ParameterBlock("s", 1, new Support.Above(0)), ParameterBlock.real("x")),
            values ->
                values.total(
                    values.get("s").log().neg(), LogDensities.normal(values.get("x"), 0, 1)));
    says(refused(scale), "'s'");
  }

  /** Flat along x - y, in unlike units, far from the origin. */
  @Test
  void improperAcrossTheAxes() {
    String sum =
        refused(
            model(
                values ->
                    values.total(LogDensities.normal(values.get("x").add(values.get("y")), 0, 1))));
    says(sum, "improper");
    says(sum, "'x' or 'y'");
    String weighed =
        refused(
            model(
                values ->
                    values.total(
                        LogDensities.normal(
                            values.get("x").mul(30).add(values.get("y").mul(0.2)), 700, 3))));
    says(weighed, "improper");
  }

  /** A column that is always 1 beside the constant: their sum alone is known. */
  @Test
  void improperRegression() {
    SplittableRandom random = new SplittableRandom(2);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      scores.add(80 + 15 * random.nextGaussian());
    }
    Map<String, Object> data =
        Map.of("kid_score", scores, "mom_hs", Collections.nCopies(scores.size(), 1));
    LogDensityProblem children = Vi.target("kidscore-momhs", data);
    var refused =
        assertThrows(
            ThalwegException.class, () -> Vi.infer("advi", children, Map.of("steps", 10), 1));
    assertEquals(ExitCode.USAGE, refused.exitCode());
    says(refused.getMessage(), "improper");
    says(refused.getMessage(), "'beta'");
  }

  /** What is long is not endless. */
  @Test
  void aStronglyCorrelatedNormalIsProper() {
    double rest = Math.sqrt(1 - 0.999 * 0.999);
    LogDensityProblem normal =
        model(
            values -> {
              NDArray x = values.get("x");
              NDArray y = values.get("y").sub(x.mul(0.999));
              return values.total(LogDensities.normal(x, 0, 1), LogDensities.normal(y, 0, rest));
            });
    try (Posterior posterior = Vi.infer("advi", normal, Map.of("steps", 10), 1)) {
      assertEquals(2, posterior.problem().parameterNames().size());
    }
  }

  /** Where the target has no mass in a part, the bound is minus infinity: said, not hidden. */
  @Test
  void aSupportThatWasNotDeclared() {
    LogDensityProblem half =
        Vi.model(
            "half",
            List.of(ParameterBlock.real("x")),
            values -> {
              NDArray x = values.get("x");
              NDArray inside = x.gt(0).toType(x.getDataType(), false).log();
              return values.total(LogDensities.normal(x, 0, 1), inside);
            });
    var refused =
        assertThrows(ThalwegException.class, () -> Vi.infer("advi", half, Map.of("steps", 300), 1));
    assertEquals(ExitCode.DIVERGED, refused.exitCode());
    says(refused.getMessage(), "Declare the support");
  }

  /** A fit that misses most of the posterior says so. */
  @Test
  void aBadFitIsMarked() {
    try (Posterior posterior =
        Vi.infer("advi", Vi.target("eight-schools-centered"), Map.of("steps", 600), 2)) {
      assertTrue(posterior.diagnostics().verdict() != Verdict.TRUST);
      assertTrue(posterior.diagnostics().figures().get("k_hat") > 0.7);
      assertTrue(
          posterior.diagnostics().reasons().stream()
              .anyMatch(reason -> reason.contains("vi-flow")));
    }
  }

  @Test
  void wrongShapes() {
    LogDensityProblem column =
        new LogDensityProblem(
            "bad", List.of(ParameterBlock.real("x")), (tape, rows) -> rows.square().neg(), true);
    says(refused(column), "one number each");
  }

  @Test
  void otherProblems() {
    LogDensityProblem fixed =
        new LogDensityProblem("bad", List.of(ParameterBlock.real("x")), (tape, x) -> x, false);
    says(refused(fixed), "gradient");
    var simulator = new SimulatorProblem("bad", new Nothing(), (x, seed) -> x, Matrix.zeros(1, 1));
    var refused =
        assertThrows(ThalwegException.class, () -> Vi.infer("advi", simulator, Map.of(), 1));
    says(refused.getMessage(), "simulator");
  }

  private static final class Nothing implements Prior {
    @Override
    public List<ParameterBlock> parameters() {
      return List.of(ParameterBlock.real("x"));
    }

    @Override
    public Matrix sample(int n, Seed seed) {
      return Matrix.zeros(n, 1);
    }

    @Override
    public double[] logDensity(Matrix parameters) {
      return new double[parameters.rows()];
    }
  }
}
