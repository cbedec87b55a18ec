package org.thalweg.vmonf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.model.CheckpointFile;

class VmonfTest {
  private static double[] scores(VmonfModel model, String density, Rows rows) {
    return model.logDensity(model.density(density), rows, new Seed(1)).values();
  }

  /** exact - bound = sum over c of q(c | x) log(q(c | x) / p(c | x)), row by row. */
  @Test
  void theBoundLiesBelowByTheDivergenceOfTheAssignments() {
    VmonfConfig config = Mixtures.config("components", 3, "epochs", 2, "weights", "0.5,0.3,0.2");
    Dataset data = Dataset.of(Mixtures.two(400, 1));
    try (VmonfModel model =
        Mixtures.fit(config, data, FitOptions.seed(2), FitListener.SILENT, Mixtures.DOUBLE)) {
      Matrix q = model.probabilities(data.rows());
      Matrix p = model.exactProbabilities(data.rows());
      double[] exact = scores(model, "exact", data.rows());
      double[] bound = scores(model, "bound", data.rows());
      double most = 0;
      for (int i = 0; i < exact.length; i++) {
        double divergence = 0;
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          divergence += q.get(i, c) * Math.log(q.get(i, c) / p.get(i, c));
          sum += q.get(i, c);
        }
        assertEquals(1, sum, 1e-9);
        assertEquals(divergence, exact[i] - bound[i], 1e-8 * (1 + divergence));
        most = Math.max(most, divergence);
      }
      assertTrue(most > 0.01, "assignments differ by " + most);
    }
  }

  /** Components that are all standard normal: everything is known in closed form. */
  @Test
  void equalComponentsGiveTheirDensityAndTheirWeights() {
    List<FitEvent.Warned> warnings = new ArrayList<>();
    VmonfConfig config =
        Mixtures.config(
            "components",
            4,
            "flow",
            "standard-normal",
            "weights",
            "0.97, 0.01, 0.01, 0.01",
            "epochs",
            60);
    Dataset data = Dataset.of(Mixtures.two(1000, 1));
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Warned warned) {
            warnings.add(warned);
          }
        };
    try (VmonfModel model =
        Mixtures.fit(config, data, FitOptions.seed(2), listener, Mixtures.DOUBLE)) {
      // The bound is largest where every row is assigned by the weights.
      Matrix q = model.probabilities(data.rows());
      Matrix p = model.exactProbabilities(data.rows());
      for (int i = 0; i < p.rows(); i++) {
        assertEquals(0.97, p.get(i, 0), 1e-9);
      }
      assertEquals(0.97, Arrays.stream(q.column(0)).average().orElseThrow(), 0.01);
      Rows shifted = Rows.of(Matrix.of(new double[] {0, 0}, new double[] {3, 0}));
      double[] exact = scores(model, "exact", shifted);
      // The standard deviation of the first column is near sqrt(17), its mean near 0.
      assertEquals(-9.0 / 34, exact[1] - exact[0], 0.02);
      assertEquals(3, model.card().metrics().get("unused_components"));
      assertTrue(
          warnings.stream().anyMatch(w -> w.message().contains("next to no row: 1 (")),
          warnings.toString());
    }
  }

  @Test
  void aFewLabelsNameTheComponents() {
    Matrix rows = Mixtures.two(600, 3);
    int[] labels = new int[600];
    // Class 1 is the left one here; 20 rows are known.
    Arrays.setAll(labels, i -> i < 20 ? 1 - i % 2 : -1);
    VmonfConfig config = Mixtures.config("pretraining", 0.3);
    try (VmonfModel model = Mixtures.fit(config, Mixtures.labelled(rows, labels))) {
      Matrix fresh = Mixtures.two(1000, 4);
      Matrix q = model.probabilities(Rows.of(fresh));
      int right = 0;
      for (int i = 0; i < q.rows(); i++) {
        right += q.get(i, 1 - i % 2) > 0.5 ? 1 : 0;
      }
      assertTrue(right >= 990, right + " of 1000");
      double[] drawn = model.component(1).sample(500, Matrix.zeros(1, 0), new Seed(2)).column(0);
      double mean = Arrays.stream(drawn).average().orElseThrow();
      assertEquals(-4, mean, 0.4);
      ThalwegException refusal = assertThrows(ThalwegException.class, () -> model.component(2));
      assertEquals(
          "The model has the components 0 to 1; there is no component 2.", refusal.getMessage());
    }
  }

  @Test
  void startsFromKMeansFindWhatKMeansFinds() {
    VmonfConfig config = Mixtures.config("start", "k-means", "pretraining", 0.5, "epochs", 10);
    Matrix rows = Mixtures.two(600, 3);
    try (VmonfModel model = Mixtures.fit(config, Dataset.of(rows))) {
      Matrix q = model.probabilities(Rows.of(rows));
      int first = q.get(0, 0) > 0.5 ? 0 : 1;
      int right = 0;
      for (int i = 0; i < q.rows(); i++) {
        right += q.get(i, (first + i) % 2) > 0.5 ? 1 : 0;
      }
      assertTrue(right >= 595, right + " of 600");
    }
  }

  /** The least sum of squares over all partitions of a few rows. */
  @Test
  void kMeansFindsTheBestPartitionOfAFewRows() {
    Matrix rows = new Matrix(9, 1, new double[] {0, 1, 1.5, 5, 5.5, 7, 11, 12, 12.2});
    int[] clusters = new KMeans(rows, 3).clusters(new Seed(1));
    double least = Double.POSITIVE_INFINITY;
    int[] partition = new int[9];
    for (int code = 0; code < 19683; code++) {
      int rest = code;
      for (int i = 0; i < 9; i++) {
        partition[i] = rest % 3;
        rest /= 3;
      }
      least = Math.min(least, squares(rows, partition));
    }
    assertEquals(least, squares(rows, clusters), 1e-12);
  }

  private static double squares(Matrix rows, int[] partition) {
    double sum = 0;
    for (int c = 0; c < 3; c++) {
      int cluster = c;
      double[] inside =
          IntStream.range(0, partition.length)
              .filter(i -> partition[i] == cluster)
              .mapToDouble(i -> rows.get(i, 0))
              .toArray();
      double mean = Arrays.stream(inside).average().orElse(0);
      sum += Arrays.stream(inside).map(v -> (v - mean) * (v - mean)).sum();
    }
    return sum;
  }

  @Test
  void theTemperatureFallsExponentially() {
    Annealing annealing = new Annealing(8, 2, 0.5);
    assertEquals(8, annealing.temperatureAt(annealing.progress(0)), 1e-12);
    assertEquals(4, annealing.temperatureAt(annealing.progress(0.25)), 1e-12);
    assertEquals(2, annealing.temperatureAt(annealing.progress(0.5)), 1e-12);
    assertEquals(2, annealing.temperatureAt(annealing.progress(1)), 1e-12);
  }

  /** Whether the first or a later start is the best depends on the seed; both must be seen. */
  @Test
  void theBestOfSeveralStartsIsKept() {
    Dataset data = Dataset.of(Mixtures.two(300, 6));
    int first = 0;
    int later = 0;
    for (long seed = 7; seed < 27 && (first == 0 || later == 0); seed++) {
      FitOptions options = FitOptions.seed(seed);
      FitListener silent = FitListener.SILENT;
      try (VmonfModel one =
              Mixtures.fit(Mixtures.config("epochs", 4), data, options, silent, Mixtures.SINGLE);
          VmonfModel best =
              Mixtures.fit(
                  Mixtures.config("epochs", 4, "restarts", 3),
                  data,
                  options,
                  silent,
                  Mixtures.SINGLE)) {
        if (best.card().metrics().get("best_start") == 0) {
          first++;
          assertArrayEquals(scores(one, "exact", data.rows()), scores(best, "exact", data.rows()));
        } else {
          later++;
          double[] bounds = {validation(one, data, seed), validation(best, data, seed)};
          assertTrue(bounds[1] > bounds[0], Arrays.toString(bounds));
        }
      }
    }
    assertTrue(later > 0, "no later start was kept, of 20 seeds");
    assertTrue(first > 0, "the first start was never kept, of 20 seeds");
  }

  /** The mean bound of the rows that the fit validated on. */
  private static double validation(VmonfModel model, Dataset data, long seed) {
    int[] rows = Splitter.split(data, Split.DEFAULT, new Seed(seed)).validation();
    return Arrays.stream(scores(model, "bound", data.rows().select(rows))).average().orElseThrow();
  }

  /** 300 rows make 2 steps an epoch: step 6 is in the first start, 13 in the second. */
  @ParameterizedTest
  @ValueSource(ints = {6, 13})
  void aFitThatIsStoppedGoesOnWithTheSameBits(int at, @TempDir Path directory) {
    VmonfConfig config = Mixtures.config("epochs", 4, "restarts", 2, "checkpoint-seconds", 0);
    Dataset data = Dataset.of(Mixtures.two(300, 6));
    var checkpoints = new CheckpointFile(directory.resolve("fit"), true, Mixtures.REGISTRY);
    FitOptions options = FitOptions.seed(4).withCheckpoints(checkpoints);
    int[] steps = {0};
    FitListener stopping =
        new FitListener() {
          @Override
          public void on(FitEvent event) {
            steps[0] += event instanceof FitEvent.Stepped ? 1 : 0;
          }

          @Override
          public boolean interrupted() {
            return steps[0] == at;
          }
        };
    ThalwegException stopped =
        assertThrows(
            ThalwegException.class,
            () -> Mixtures.fit(config, data, options, stopping, Mixtures.SINGLE));
    assertEquals(ExitCode.INTERRUPTED, stopped.exitCode());
    FitListener silent = FitListener.SILENT;
    try (VmonfModel resumed = Mixtures.fit(config, data, options, silent, Mixtures.SINGLE);
        VmonfModel whole =
            Mixtures.fit(config, data, FitOptions.seed(4), silent, Mixtures.SINGLE)) {
      assertArrayEquals(scores(whole, "exact", data.rows()), scores(resumed, "exact", data.rows()));
      assertEquals(
          whole.card().metrics().get("best_start"), resumed.card().metrics().get("best_start"));
    }
  }

  @Test
  void moreClassesThanComponentsAreRefused() {
    Column label =
        new Column(
            "kind", Role.LABEL, new Kind.Classes(List.of("a", "b", "c")), OptionalDouble.empty());
    Schema schema = new Schema(List.of(Column.feature("x"), Column.feature("y"), label));
    int[] labels = new int[300];
    Arrays.setAll(labels, i -> i % 3);
    Dataset data = new Dataset(schema, Mixtures.labelled(Mixtures.two(300, 1), labels).rows());
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> Mixtures.fit(Mixtures.config(), data));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertEquals(
        "There are 2 components, but 'kind' has the classes [a, b, c]. Each class needs a component:"
            + " set components=3 or more, or leave labels of other classes blank.",
        refusal.getMessage());
  }

  @Test
  void oneComponentIsNoMixture() {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> Mixtures.config("components", 1));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
    assertTrue(refusal.getMessage().contains("components=1"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("--estimator nsf-coupling"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5,0.6", "0.5", "a,b", "1,0", "-1,2", "half", "NaN,NaN"})
  void weightsThatAreNoneAreRefused(String weights) {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> Mixtures.config("weights", weights));
    assertTrue(refusal.getMessage().contains("got '" + weights + "'"), refusal.getMessage());
  }
}
