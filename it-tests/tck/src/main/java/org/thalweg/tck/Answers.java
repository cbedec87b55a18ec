package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Encoder;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Projection;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;

/**
 * All that a model says of rows, by what it is: two models that are the same say the same bits.
 *
 * @param numbers by name
 */
record Answers(Map<String, double[]> numbers) {
  private static final Seed SEED = new Seed(8);

  /** Draws of each row that is denoised. */
  static final int DRAWS = 5;

  /** The answers to rows without a context, under every density that the model names. */
  static Answers of(Model model, Rows rows) {
    Map<String, double[]> out = new LinkedHashMap<>();
    if (model instanceof LogDensity densities) {
      for (LogDensity.Named named : densities.densities()) {
        LogDensity.Scores scores = densities.logDensity(named, rows, SEED);
        out.put("density " + named.name(), scores.values());
        scores.standardErrors().ifPresent(e -> out.put("error of " + named.name(), e));
      }
    }
    if (model instanceof LatentPosterior posterior) {
      LatentPosterior.Draws draws = posterior.denoise(rows, DRAWS, SEED);
      out.put("denoised draws", draws.samples().values());
      out.put("denoised means", draws.means().values());
      out.put("denoised deviations", draws.standardDeviations().values());
      out.put("effective sample sizes", draws.effectiveSampleSizes());
    }
    if (model instanceof Sampler sampler) {
      out.put("samples", sampler.sample(50, Matrix.zeros(1, 0), SEED).values());
    }
    if (model instanceof Assignment assignment) {
      out.put("assignments", assignment.probabilities(rows).values());
    }
    if (model instanceof Encoder encoder) {
      out.put("codes", encoder.encode(rows).values());
    }
    if (model instanceof Projection projection) {
      out.put("distances", projection.distances(rows));
    }
    return new Answers(out);
  }

  /** Fails where another model says anything else. */
  void requireSame(Answers other, String which) {
    assertEquals(numbers.keySet(), other.numbers.keySet(), which);
    numbers.forEach(
        (what, values) -> assertArrayEquals(values, other.numbers.get(what), which + ": " + what));
  }
}
