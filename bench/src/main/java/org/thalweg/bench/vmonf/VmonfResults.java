package org.thalweg.bench.vmonf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.bench.Mnist;
import org.thalweg.bench.PrincipalComponents;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;
import org.thalweg.vmonf.KMeans;
import org.thalweg.vmonf.VmonfModel;

/**
 * {@code VmonfResults WORK DOCS CSV [SET|SET:LABEL|SET:LABEL:SEED|page...]}: runs the jobs that CSV
 * has no row of, keeps models and contingency tables in WORK, and writes DOCS/results/vmonf.md from
 * what there is. It can be stopped at any time, and goes on where it was.
 */
public final class VmonfResults {
  private static final int TEST = 5000;
  private static final int COMPONENTS = 50;
  private static final String HEAD =
      "set,label,seed,parameters,seconds,ari,ari_exact,one_to_one,one_to_one_exact,log_density,"
          + "bound";

  private final Path work;
  private final Path csv;
  private final Registry registry = Installed.registry();

  private VmonfResults(Path work, Path csv) {
    this.work = work;
    this.csv = csv;
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("VmonfResults WORK DOCS CSV [SET|SET:LABEL|SET:LABEL:SEED|page...]");
      System.exit(2);
    }
    VmonfResults results = new VmonfResults(Path.of(arguments[0]), Path.of(arguments[2]));
    List<String> wanted = Arrays.asList(arguments).subList(3, arguments.length);
    for (Job job : Job.all()) {
      String key = job.key().replace(',', ':');
      boolean asked =
          wanted.isEmpty()
              || wanted.stream().anyMatch(w -> key.equals(w) || key.startsWith(w + ":"));
      if (asked) {
        results.run(job);
      }
    }
    new VmonfPage(results.csv, results.work, results.registry).write(Path.of(arguments[1]));
  }

  /** Rows to fit to, and rows that no fit sees. */
  private record Parts(Clustered train, Clustered test, Optional<PrincipalComponents> axes) {}

  private static Parts parts(Job job) {
    int rows = job.labelled() + job.unlabelled();
    long seed = job.seed();
    return switch (job.set()) {
      case "pinwheel" ->
          new Parts(
              Clustered.pinwheel(5, rows, seed),
              Clustered.pinwheel(5, TEST, 1000 + seed),
              Optional.empty());
      case "circles" ->
          new Parts(
              Clustered.circles(rows, seed),
              Clustered.circles(TEST, 1000 + seed),
              Optional.empty());
      default -> digits();
    };
  }

  private static Parts digits() {
    Clustered train = Clustered.digits(Mnist.Part.TRAIN);
    Clustered test = Clustered.digits(Mnist.Part.TEST);
    PrincipalComponents axes = PrincipalComponents.of(train.rows(), COMPONENTS);
    return new Parts(
        new Clustered(axes.forward(train.rows()), train.classes()),
        new Clustered(axes.forward(test.rows()), test.classes()),
        Optional.of(axes));
  }

  private void run(Job job) throws IOException {
    Files.createDirectories(work);
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    if (Files.readAllLines(csv).stream().anyMatch(line -> line.startsWith(job.key() + ","))) {
      return;
    }
    Parts parts = parts(job);
    String figures = job.options().isEmpty() ? baseline(job, parts) : mixture(job, parts);
    String row = job.key() + "," + figures + "\n";
    Files.writeString(csv, row, StandardOpenOption.APPEND);
    System.out.print(row);
  }

  /** The Gaussian mixture begins at the clusters of k-means. */
  private String baseline(Job job, Parts parts) throws IOException {
    long start = System.nanoTime();
    Matrix train = parts.train.rows();
    int k = job.components();
    int[] clusters = new KMeans(train, k).clusters(new Seed(job.seed()));
    GaussianMixture mixture =
        job.label().equals(Job.GAUSSIANS)
            ? GaussianMixture.fit(train, clusters, k, 1e-6)
            : GaussianMixture.equal(train, clusters, k);
    int[] ofTest = mixture.clusters(parts.test.rows());
    Agreement agreement = Agreement.of(parts.test.classes(), ofTest);
    keep(job, agreement);
    return String.format(
        Locale.ROOT,
        ",%.1f,%.4f,,%.4f,,%s,",
        (System.nanoTime() - start) * 1e-9,
        agreement.adjustedRand(),
        agreement.oneToOne(),
        job.label().equals(Job.GAUSSIANS)
            ? String.format(Locale.ROOT, "%.4f", mixture.meanLogDensity(parts.test.rows()))
            : "");
  }

  private String mixture(Job job, Parts parts) throws IOException {
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        VmonfModel model = fit(registry.estimator("vmonf"), job, parts.train, engine)) {
      ModelFile.save(model(work, job), model, registry, Map.of());
      Rows test = Rows.of(parts.test.rows());
      int[] classes = parts.test.classes();
      Agreement net = Agreement.of(classes, Agreement.labels(model.probabilities(test)));
      Agreement exact = Agreement.of(classes, Agreement.labels(model.exactProbabilities(test)));
      keep(job, net);
      Map<String, Double> metrics = model.card().metrics();
      return String.format(
          Locale.ROOT,
          "%.0f,%.1f,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f",
          metrics.get("parameters"),
          metrics.get("seconds"),
          net.adjustedRand(),
          exact.adjustedRand(),
          net.oneToOne(),
          exact.oneToOne(),
          mean(model, "exact", test),
          mean(model, "bound", test));
    }
  }

  private static double mean(VmonfModel model, String density, Rows rows) {
    double[] values = model.logDensity(model.density(density), rows, new Seed(1)).values();
    return Arrays.stream(values).average().orElseThrow();
  }

  static Path counts(Path csv, Job job) {
    return csv.resolveSibling("vmonf-counts-" + job.fileName() + ".csv");
  }

  static Path model(Path work, Job job) {
    return work.resolve(job.fileName() + ".thalweg");
  }

  /** The table of the digits' classes and clusters, for the page. */
  private void keep(Job job, Agreement agreement) throws IOException {
    if (!job.set().equals("digits")) {
      return;
    }
    List<String> lines =
        Arrays.stream(agreement.counts())
            .map(row -> String.join(",", Arrays.stream(row).mapToObj(Long::toString).toList()))
            .toList();
    Files.write(counts(csv, job), lines);
  }

  private <C extends Record> VmonfModel fit(
      EstimatorProvider<C> provider, Job job, Clustered train, Engine engine) {
    C config = ConfigBinder.bind(provider.defaults(), job.options());
    Dataset plain = Dataset.of(train.rows());
    boolean some = job.labelled() > 0;
    int[] labels =
        IntStream.range(0, train.classes().length)
            .map(i -> i < job.labelled() ? train.classes()[i] : -1)
            .toArray();
    Rows rows =
        new Rows(
            train.rows(),
            plain.rows().context(),
            Noise.NONE,
            Optional.empty(),
            some ? Optional.of(labels) : Optional.empty());
    // With few labels all rows are trained on; the last weights are kept.
    Split split = some ? new Split(1, 0, 0) : new Split(0.9, 0.1, 0);
    Model model =
        provider
            .create(config, new EstimatorContext(engine, registry))
            .fit(
                new Dataset(plain.schema(), rows),
                FitOptions.seed(job.seed()).withSplit(split),
                FitListener.SILENT);
    return (VmonfModel) model;
  }
}
