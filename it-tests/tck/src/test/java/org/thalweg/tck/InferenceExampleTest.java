package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.Simulator;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Infer;
import org.thalweg.toolkit.infer.Marginal;

/** What README and docs/inference.md show, as it stands there. */
class InferenceExampleTest {
  private static final Path CHECKOUT = Path.of("../..");
  private static final Path SELF =
      Path.of("src/test/java/org/thalweg/tck/InferenceExampleTest.java");

  /** Level times exp(-rate t) at four times, with an error of 0.2. */
  private static double[] counts(double level, double rate, SplittableRandom random) {
    double[] out = new double[4];
    for (int t = 0; t < out.length; t++) {
      out[t] = level * Math.exp(-rate * t) + 0.2 * random.nextGaussian();
    }
    return out;
  }

  @Test
  void thePosteriorHoldsTheTruth() {
    double[] seen = counts(3, 0.7, new SplittableRandom(8));
    PrintStream console = System.out;
    try {
      System.setOut(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
      Simulator decay = (p, seed) -> counts(p[0], p[1], seed.generator());
      Prior prior =
          IndependentPrior.of("level", new Marginal.Uniform(0, 5))
              .and("rate", new Marginal.LogNormal(0, 1));
      Problem problem = new SimulatorProblem("decay", prior, decay, Matrix.of(seen));
      try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
          Posterior posterior =
              Infer.by("npe")
                  .simulations(500)
                  .seed(1)
                  .of(problem, new EstimatorContext(engine, Registry.installed()))) {
        System.out.println(posterior.diagnostics());
        Matrix draws =
            posterior.sample(
                1000, new Seed(2)); // [1000, 2], all of them inside the prior's support
        double[] level = draws.column(0);
        double[] rate = draws.column(1);
        Arrays.sort(level);
        Arrays.sort(rate);
        assertTrue(level[5] >= 0 && level[995] <= 5 && rate[0] > 0, "inside");
        assertTrue(level[5] < 3 && level[995] > 3, "level from " + level[5] + " to " + level[995]);
        assertTrue(rate[5] < 0.7 && rate[995] > 0.7, "rate from " + rate[5] + " to " + rate[995]);
        assertTrue(level[750] - level[250] < 1.5, "the prior's would be 2.5");
      }
    } finally {
      System.setOut(console);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/inference.md"})
  void thePageShowsTheseLines(String page) throws IOException {
    String code =
        Stream.of(Files.readString(CHECKOUT.resolve(page)).split("```java\n"))
            .skip(1)
            .map(part -> part.substring(0, part.indexOf("```")))
            .filter(part -> part.contains("SimulatorProblem"))
            .findFirst()
            .orElseThrow();
    String before = code.strip().replaceAll("}$", "");
    assertTrue(code.lines().count() <= 10, "ten lines");
    assertTrue(
        dense(Files.readString(SELF)).contains(dense(before)), "the page's lines:\n" + before);
  }

  private static String dense(String text) {
    return text.replaceAll("//[^\n]*", "").replaceAll("\\s+", "");
  }
}
