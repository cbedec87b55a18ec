package org.thalweg.sbi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.model.PosteriorFile;

/** What is known of a posterior, in a file. */
class StoredDiagnosticsTest {
  /** Without validation rows there is no score of them. */
  @Test
  void aFigureThatIsNoNumberIsReadAgain(@TempDir Path directory) {
    Map<String, Object> options =
        Map.of("validation", 0, "epochs", 2, "steps", 20, "predictive-simulations", 0);
    SimulatorProblem problem = LinearGaussian.problem(2, 0.5, new double[] {0.5, 0.5});
    Path file = directory.resolve("p.thalweg");
    try (Posterior made = Sbi.infer("snpe-c", options, problem, 1, 100)) {
      var card =
          PosteriorFile.card(
              "snpe-c", Sbi.bound("snpe-c", options), made, List.of("a", "b"), new Seed(1), "cpu");
      PosteriorFile.save(file, made, card, Optional.empty(), Sbi.REGISTRY, Map.of());
      assertEquals(Double.NaN, made.diagnostics().figures().get("validation_score"));
      try (Posterior read = PosteriorFile.load(file, problem, Sbi.CONTEXT)) {
        assertEquals(
            made.diagnostics().figures().get("validation_score"),
            read.diagnostics().figures().get("validation_score"));
        Matrix rows = Matrix.of(new double[][] {{0.1, 0.2}, {-1, 2}});
        assertArrayEquals(made.logDensity(rows), read.logDensity(rows));
      }
    }
  }
}
