package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.AssertionFailedError;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.random.Seed;

/** A model that says one thing otherwise is told from one that does not. */
class AnswersTest {
  private static final Rows ROWS = Tables.plane().rows().slice(0, 10);

  /**
   * A model of two densities and a posterior.
   *
   * @param second what its second density says
   * @param error the standard error of that
   * @param draw what it draws
   */
  private record Fake(double second, double error, double draw)
      implements Model, LogDensity, LatentPosterior {
    @Override
    public ModelCard card() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Named> densities() {
      return List.of(
          Named.exact("latent"), new Named("observed", Relation.LOWER, Measure.AMBIENT, true));
    }

    @Override
    public Scores logDensity(Named density, Rows rows, Seed seed) {
      boolean first = density.name().equals("latent");
      return new Scores(
          filled(rows.size(), first ? 1 : second),
          first ? Optional.empty() : Optional.of(filled(rows.size(), error)));
    }

    @Override
    public Draws denoise(Rows rows, int perRow, Seed seed) {
      int n = rows.size();
      return new Draws(
          new Matrix(n * perRow, 2, filled(2 * n * perRow, draw)),
          Matrix.zeros(n, 2),
          Matrix.zeros(n, 2),
          filled(n, 1));
    }

    @Override
    public void save(ModelWriter writer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      // There is nothing to let go.
    }

    private static double[] filled(int n, double value) {
      double[] out = new double[n];
      Arrays.fill(out, value);
      return out;
    }
  }

  @Test
  void theSameModelSaysTheSame() {
    Answers.of(new Fake(1, 2, 3), ROWS).requireSame(Answers.of(new Fake(1, 2, 3), ROWS), "same");
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 2, 3, density observed",
    "1, 2.5, 3, error of observed",
    "1, 2, 3.5, denoised draws"
  })
  void eachDifferenceIsNamed(double second, double error, double draw, String what) {
    Answers right = Answers.of(new Fake(1, 2, 3), ROWS);
    Answers wrong = Answers.of(new Fake(second, error, draw), ROWS);
    AssertionFailedError failure =
        assertThrows(AssertionFailedError.class, () -> right.requireSame(wrong, "loaded"));
    assertTrue(failure.getMessage().startsWith("loaded: " + what), failure.getMessage());
  }
}
