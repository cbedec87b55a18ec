package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Decoder;
import org.thalweg.api.estimator.Encoder;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LatentPosterior;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Projection;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;

/**
 * What every estimator does, in single precision as users run it. Subjects name options for a short
 * training: a few seconds a fit are enough, since nothing here asks for a good fit.
 */
public abstract non-sealed class EstimatorContract extends PluginContract {
  /** Draws in a test of Kolmogorov and Smirnov. */
  private static final int DRAWS = 4000;

  /**
   * The distance that a right sample of {@link #DRAWS} exceeds once in a thousand: sqrt(-log(alpha
   * / 2) / (2 n)), the asymptotic law. The seeds are fixed, so the outcome is too.
   */
  private static final double CRITICAL = Math.sqrt(-Math.log(0.001 / 2) / (2.0 * DRAWS));

  private static final double INTEGRAL_TOLERANCE = 1e-3;

  private record Key(Choice subject, String table) {}

  private final Map<Key, Model> fitted = new HashMap<>();

  /** For subclasses. */
  protected EstimatorContract() {}

  @AfterAll
  void closeModels() {
    fitted.values().forEach(Model::close);
    fitted.clear();
  }

  private EstimatorProvider<?> provider(Choice subject) {
    return registry().estimator(subject.name());
  }

  private EstimatorContext context(Engine engine) {
    return new EstimatorContext(engine, registry());
  }

  private static <C extends Record> Estimator create(
      EstimatorProvider<C> provider, Choice subject, EstimatorContext context) {
    return provider.create(ConfigBinder.bind(provider.defaults(), subject.options()), context);
  }

  private Model fit(Choice subject, Dataset table, long seed, Engine engine) {
    return create(provider(subject), subject, context(engine))
        .fit(table, FitOptions.seed(seed), FitListener.SILENT);
  }

  private Engine engine() {
    return engine(DataType.FLOAT32);
  }

  /** Fitted once, as fits are what takes time. */
  private Model model(Choice subject, String name, Dataset table) {
    return fitted.computeIfAbsent(new Key(subject, name), key -> fit(subject, table, 5, engine()));
  }

  private Model onLine(Choice subject) {
    return model(subject, "line", fewest(subject));
  }

  /** One column, or the plane for what models several together. */
  private Dataset fewest(Choice subject) {
    return provider(subject).fewestFeatures() > 1 ? Tables.plane() : Tables.line();
  }

  private Model onPlane(Choice subject) {
    return model(subject, "plane", Tables.plane());
  }

  private Model conditional(Choice subject) {
    return model(subject, "conditional", Tables.conditional());
  }

  private boolean can(Choice subject, Capability capability) {
    return provider(subject).capabilities().contains(capability);
  }

  private static LogDensity.Named standard(Model model) {
    return model.as(LogDensity.class).densities().get(0);
  }

  private static boolean normalised(Model model) {
    LogDensity.Named density = standard(model);
    return density.relation() == LogDensity.Relation.EXACT
        && density.measure() == LogDensity.Measure.AMBIENT;
  }

  private static double[] scores(Model model, Rows rows) {
    return model.as(LogDensity.class).logDensity(standard(model), rows, new Seed(8)).values();
  }

  private static double[] densities(Model model, Rows rows) {
    return Arrays.stream(scores(model, rows)).map(Math::exp).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aTableOfTooFewColumnsIsRefused(Choice subject) {
    if (provider(subject).fewestFeatures() > 1) {
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> fit(subject, Tables.line(), 5, engine()));
      assertEquals(ExitCode.USAGE, refusal.exitCode());
    }
  }

  /** The volume of a manifold is none of the columns' space: samples lie on it. */
  private static boolean onManifold(Model model) {
    return model.as(LogDensity.class).densities().stream()
        .anyMatch(density -> density.measure() == LogDensity.Measure.MANIFOLD);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void samplesOfAManifoldLieOnIt(Choice subject) {
    if (!can(subject, Capability.PROJECTION) || !can(subject, Capability.SAMPLER)) {
      return;
    }
    Model model = onPlane(subject);
    Projection projection = model.as(Projection.class);
    assertTrue(projection.dimension() >= 1 && projection.dimension() < 2);
    Rows drawn = Rows.of(model.as(Sampler.class).sample(500, Matrix.zeros(1, 0), new Seed(15)));
    double ofSamples = Arrays.stream(projection.distances(drawn)).max().orElseThrow();
    double ofRows = mean(projection.distances(Tables.plane().rows()));
    assertTrue(ofSamples < 0.05 * ofRows, ofSamples + " against " + ofRows);
    if (can(subject, Capability.ENCODER) && can(subject, Capability.DECODER)) {
      Matrix latent = model.as(Encoder.class).encode(drawn);
      Matrix decoded = model.as(Decoder.class).decode(latent, Matrix.zeros(500, 0));
      for (int i = 0; i < decoded.values().length; i++) {
        assertEquals(drawn.features().values()[i], decoded.values()[i], 0.05 * ofRows);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void assignmentsAreProbabilities(Choice subject) {
    if (!can(subject, Capability.ASSIGNMENT)) {
      return;
    }
    Assignment assignment = onPlane(subject).as(Assignment.class);
    Rows rows = Tables.plane().rows();
    Matrix probabilities = assignment.probabilities(rows);
    assertEquals(rows.size(), probabilities.rows());
    assertEquals(assignment.components(), probabilities.columns());
    for (int i = 0; i < probabilities.rows(); i++) {
      double[] row = probabilities.row(i);
      assertTrue(Arrays.stream(row).allMatch(p -> p >= 0 && p <= 1), Arrays.toString(row));
      assertEquals(1, Arrays.stream(row).sum(), 1e-5);
    }
    int beyond = assignment.components();
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> assignment.component(beyond));
    assertEquals(ExitCode.USAGE, refusal.exitCode());
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void integratesToOneOnTheLine(Choice subject) {
    if (provider(subject).fewestFeatures() > 1) {
      return;
    }
    if (!can(subject, Capability.LOG_DENSITY) || !normalised(onLine(subject))) {
      return;
    }
    Grid grid = Grid.of(Tables.line().rows().features().column(0), 6001);
    double[] density = densities(onLine(subject), Rows.of(column(grid.points())));
    assertEquals(1, grid.integral(density), INTEGRAL_TOLERANCE);
    if (can(subject, Capability.SAMPLER)) {
      Matrix drawn =
          onLine(subject).as(Sampler.class).sample(DRAWS, Matrix.zeros(1, 0), new Seed(9));
      double distance = grid.distance(density, drawn.column(0));
      assertTrue(distance < CRITICAL, "Kolmogorov-Smirnov distance " + distance);
    }
  }

  private static Matrix column(double[] values) {
    return new Matrix(values.length, 1, values);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void integratesToOneOnThePlaneAndSamplesAgree(Choice subject) {
    if (!can(subject, Capability.LOG_DENSITY) || !normalised(onPlane(subject))) {
      return;
    }
    Matrix table = Tables.plane().rows().features();
    Grid x = Grid.of(table.column(0), 501);
    Grid y = Grid.of(table.column(1), 501);
    double[][] joint = joint(onPlane(subject), x, y, Matrix.zeros(1, 0));
    double[] ofX = Arrays.stream(joint).mapToDouble(y::integral).toArray();
    double[] ofY = marginal(joint, x);
    assertEquals(1, x.integral(ofX), INTEGRAL_TOLERANCE);
    if (can(subject, Capability.SAMPLER) && !onManifold(onPlane(subject))) {
      Matrix drawn =
          onPlane(subject).as(Sampler.class).sample(DRAWS, Matrix.zeros(1, 0), new Seed(10));
      assertEquals(DRAWS, drawn.rows());
      double first = x.distance(ofX, drawn.column(0));
      double second = y.distance(ofY, drawn.column(1));
      assertTrue(first < CRITICAL, "Kolmogorov-Smirnov distance of column 0: " + first);
      assertTrue(second < CRITICAL, "Kolmogorov-Smirnov distance of column 1: " + second);
    }
  }

  /** The density on a product of grids, by row of x. */
  private static double[][] joint(Model model, Grid x, Grid y, Matrix context) {
    int n = y.points().length;
    double[][] out = new double[x.points().length][];
    double[] block = new double[2 * n];
    double[] contexts = new double[n * context.columns()];
    for (int i = 0; i < n; i++) {
      System.arraycopy(context.values(), 0, contexts, i * context.columns(), context.columns());
    }
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < n; j++) {
        block[2 * j] = x.points()[i];
        block[2 * j + 1] = y.points()[j];
      }
      Rows rows = Rows.of(new Matrix(n, 2, block), new Matrix(n, context.columns(), contexts));
      out[i] = densities(model, rows);
    }
    return out;
  }

  private static double[] marginal(double[][] joint, Grid x) {
    double[] out = new double[joint[0].length];
    for (int j = 0; j < out.length; j++) {
      int column = j;
      out[j] = x.integral(Arrays.stream(joint).mapToDouble(row -> row[column]).toArray());
    }
    return out;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aSavedModelScoresTheSameBits(Choice subject, @TempDir Path directory) {
    Model model = onPlane(subject);
    Path file = directory.resolve("model.thalweg");
    ModelFile.save(file, model, registry(), Map.of());
    try (Engine two = Engines.open(engineName(), EngineOptions.threads(2));
        Model loaded = ModelFile.load(file, context(engine())).model();
        Model onTwo = ModelFile.load(file, context(two)).model()) {
      assertEquals(model.card(), loaded.card());
      Answers answers = Answers.of(model, Tables.plane().rows());
      answers.requireSame(Answers.of(loaded, Tables.plane().rows()), "loaded");
      answers.requireSame(Answers.of(onTwo, Tables.plane().rows()), "two threads");
      if (can(subject, Capability.SAMPLER)) {
        assertFalse(Arrays.equals(drawn(model, 11), drawn(model, 12)), "another seed");
      }
    }
  }

  /**
   * A subject as it is fitted to tables that bring the errors of each row: without options that say
   * the same of all rows.
   */
  protected Choice ofNoisyRows(Choice subject) {
    return subject;
  }

  /** A table in whose rows one half has errors ten times those of the other. */
  private void onNoisy(Choice subject, Role role, Consumer<Model> check) {
    if (provider(subject).roles().contains(role)) {
      Dataset table = Tables.noisy(role);
      check.accept(model(ofNoisyRows(subject), "noisy " + role, table));
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void errorsOfRowsAreSavedAndUsed(Choice subject, @TempDir Path directory) {
    for (Role role : new Role[] {Role.NOISE_SD, Role.NOISE_COV}) {
      Rows rows = Tables.noisy(role).rows();
      Rows exchanged = Tables.exchanged(rows);
      onNoisy(
          subject,
          role,
          model -> {
            Path file = directory.resolve(role + ".thalweg");
            ModelFile.save(file, model, registry(), Map.of());
            Answers answers = Answers.of(model, rows);
            answers.numbers().forEach((what, values) -> Numbers.assertFinite(values, what));
            try (Model loaded = ModelFile.load(file, context(engine())).model()) {
              answers.requireSame(Answers.of(loaded, rows), "loaded");
            }
            assertTrue(
                Answers.of(model, exchanged).numbers().entrySet().stream()
                    .anyMatch(e -> !Arrays.equals(e.getValue(), answers.numbers().get(e.getKey()))),
                "nothing that the model says depends on the errors of rows");
          });
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void whatIsDenoisedIsAsSharpAsItsErrors(Choice subject) {
    if (!can(subject, Capability.LATENT_POSTERIOR)) {
      return;
    }
    onNoisy(
        subject,
        Role.NOISE_SD,
        model -> {
          Rows rows = Tables.noisy(Role.NOISE_SD).rows();
          int k = 200;
          LatentPosterior.Draws draws =
              model.as(LatentPosterior.class).denoise(rows, k, new Seed(4));
          int n = rows.size();
          int d = rows.features().columns();
          assertEquals(n, draws.means().rows());
          assertEquals(n, draws.standardDeviations().rows());
          assertEquals(n * k, draws.samples().rows());
          double[] spread = new double[2];
          for (int i = 0; i < n; i++) {
            double effective = draws.effectiveSampleSizes()[i];
            assertTrue(effective >= 1 && effective <= k, "effective sample size " + effective);
            for (int j = 0; j < d; j++) {
              double deviation = draws.standardDeviations().get(i, j);
              assertTrue(deviation >= 0, "standard deviation " + deviation);
              spread[i % 2] += 2 * deviation / (n * d);
              int row = i;
              int column = j;
              double mean =
                  IntStream.range(0, k)
                      .mapToDouble(s -> draws.samples().get(row * k + s, column))
                      .average()
                      .orElseThrow();
              // Resampled draws are worth fewer; of these many rows and columns one is six away.
              assertEquals(
                  draws.means().get(i, j), mean, 6 * deviation / Math.sqrt(effective) + 1e-6);
            }
          }
          assertTrue(
              spread[0] < 0.5 * spread[1],
              spread[0] + " where errors are small, " + spread[1] + " where they are large");
        });
  }

  private static double[] drawn(Model model, long seed) {
    return model.as(Sampler.class).sample(50, Matrix.zeros(1, 0), new Seed(seed)).values();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theSameSeedGivesTheSameBits(Choice subject) {
    try (Model again = fit(subject, fewest(subject), 5, engine());
        Model other = fit(subject, fewest(subject), 6, engine())) {
      Rows rows = fewest(subject).rows();
      if (can(subject, Capability.LOG_DENSITY)) {
        assertArrayEquals(scores(onLine(subject), rows), scores(again, rows));
        assertFalse(Arrays.equals(scores(again, rows), scores(other, rows)), "another seed");
      } else {
        assertArrayEquals(drawn(onLine(subject), 1), drawn(again, 1));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void moreThreadsMeanTheSame(Choice subject) {
    if (!can(subject, Capability.LOG_DENSITY)) {
      return;
    }
    try (Engine two = Engines.open(engineName(), EngineOptions.threads(2));
        Model model = fit(subject, fewest(subject), 5, two)) {
      Rows rows = fewest(subject).rows();
      assertEquals(mean(scores(onLine(subject), rows)), mean(scores(model, rows)), 0.1);
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void declaredCapabilitiesAreThoseThereAre(Choice subject) {
    Model model = onPlane(subject);
    Set<Capability> there =
        Arrays.stream(Capability.values())
            .filter(capability -> capability.type().isInstance(model))
            .collect(Collectors.toSet());
    assertEquals(provider(subject).capabilities(), there);
    assertEquals(subject.name(), model.card().estimator());
    String offered =
        Arrays.stream(Capability.values())
            .filter(there::contains)
            .map(Capability::label)
            .collect(Collectors.joining(", "));
    for (Capability capability : Capability.values()) {
      if (!there.contains(capability)) {
        ThalwegException refusal =
            assertThrows(ThalwegException.class, () -> model.as(capability.type()));
        assertEquals(ExitCode.USAGE, refusal.exitCode());
        assertEquals(
            "A model of estimator '%s' does not offer %s. It offers: %s."
                .formatted(subject.name(), capability.label(), offered),
            refusal.getMessage());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aContextIsUsedOrRefused(Choice subject) {
    Dataset table = Tables.conditional();
    if (!provider(subject).conditional()) {
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> fit(subject, table, 5, engine()));
      assertEquals(ExitCode.USAGE, refusal.exitCode());
      return;
    }
    Model model = conditional(subject);
    if (can(subject, Capability.LOG_DENSITY)) {
      double[] point = {3, -1};
      double fits = scores(model, at(point, 1))[0];
      double misfits = scores(model, at(point, -1))[0];
      assertTrue(fits > misfits + 2, fits + " given c = 1, " + misfits + " given c = -1");
      if (normalised(model)) {
        Grid x = Grid.of(table.rows().features().column(0), 401);
        Grid y = Grid.of(table.rows().features().column(1), 401);
        double[][] joint = joint(model, x, y, Matrix.of(new double[] {0.5}));
        double[] ofX = Arrays.stream(joint).mapToDouble(y::integral).toArray();
        assertEquals(1, x.integral(ofX), INTEGRAL_TOLERANCE);
      }
    }
    if (can(subject, Capability.SAMPLER)) {
      Matrix contexts = Matrix.of(new double[] {1}, new double[] {-1});
      Matrix drawn = model.as(Sampler.class).sample(3000, contexts, new Seed(12));
      assertEquals(6000, drawn.rows());
      assertTrue(mean(drawn.slice(0, 3000).column(0)) > 1.5, "draws given c = 1");
      assertTrue(mean(drawn.slice(3000, 6000).column(0)) < -1.5, "draws given c = -1");
    }
  }

  private static Rows at(double[] point, double context) {
    return Rows.of(Matrix.of(point), Matrix.of(new double[] {context}));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theNoiseOfSamplesIsTheBase(Choice subject) {
    if (!can(subject, Capability.TO_NOISE) || !can(subject, Capability.SAMPLER)) {
      return;
    }
    Matrix none = Matrix.zeros(1, 0);
    Matrix drawn = onPlane(subject).as(Sampler.class).sample(DRAWS, none, new Seed(13));
    ToNoise flow = onPlane(subject).as(ToNoise.class);
    Matrix noise = flow.toNoise(Rows.of(drawn));
    Matrix base = flow.sampleBase(DRAWS, none, new Seed(14));
    assertEquals(DRAWS, base.rows());
    for (int j = 0; j < 2; j++) {
      double distance = distance(noise.column(j), base.column(j));
      // Two samples of n rows are as far apart as one of n / 2 is from its law.
      assertTrue(distance < CRITICAL * Math.sqrt(2), "Kolmogorov-Smirnov distance " + distance);
    }
  }

  /** The largest distance between the empirical distribution functions of two samples. */
  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (double at : a) {
      double below = Arrays.stream(a).filter(v -> v <= at).count() / (double) a.length;
      double other = Arrays.stream(b).filter(v -> v <= at).count() / (double) b.length;
      most = Math.max(most, Math.abs(below - other));
    }
    return most;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aRowScoresTheSameAloneAndInCompany(Choice subject) {
    if (!can(subject, Capability.LOG_DENSITY)) {
      return;
    }
    Model model = onPlane(subject);
    Rows rows = Tables.plane().rows();
    double[] all = scores(model, rows);
    for (int row : new int[] {0, 123, rows.size() - 1}) {
      assertEquals(all[row], scores(model, rows.slice(row, row + 1))[0], 1e-3);
    }
    assertEquals(0, scores(model, rows.slice(0, 0)).length);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void scoresAreFiniteFarAway(Choice subject) {
    if (!can(subject, Capability.LOG_DENSITY)) {
      return;
    }
    Matrix far = Matrix.of(new double[] {1e6, 0}, new double[] {-1e6, 1e6}, new double[] {0, -1e6});
    Numbers.assertFinite(scores(onPlane(subject), Rows.of(far)), "log-density at 1e6");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void whatDoesNotFitIsRefused(Choice subject) {
    Matrix bad = Matrix.of(new double[] {1, 2}, new double[] {Double.NaN, 1}, new double[] {2, 3});
    assertThrows(
        ThalwegException.class, () -> fit(subject, Dataset.of(bad), 5, engine()), "NaN in a row");
    if (can(subject, Capability.LOG_DENSITY)) {
      Model model = onPlane(subject);
      assertThrows(
          ThalwegException.class, () -> scores(model, Tables.line().rows()), "too few columns");
      LogDensity density = model.as(LogDensity.class);
      ThalwegException refusal =
          assertThrows(ThalwegException.class, () -> density.density("no-such-density"));
      assertTrue(refusal.getMessage().contains(standard(model).name()), refusal.getMessage());
    }
  }
}
