package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
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
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;

/**
 * {@code DnfResults WORK DOCS CSV [SET|SET:LABEL|SET:LABEL:SEED|page...]}: runs the jobs that CSV
 * has no row of, keeps their models in WORK, and writes DOCS/results/dnf.md from what there is. It
 * can be stopped at any time, and goes on where it was.
 */
public final class DnfResults {
  private static final int ROWS = 10_000;
  private static final String HEAD =
      "set,label,seed,rows,steps,parameters,seconds," + Judgement.HEAD;

  private final Path work;
  private final Path csv;
  private final Registry registry = Installed.registry();

  private DnfResults(Path work, Path csv) {
    this.work = work;
    this.csv = csv;
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 3) {
      System.err.println("DnfResults WORK DOCS CSV [SET|SET:LABEL|SET:LABEL:SEED|page...]");
      System.exit(2);
    }
    DnfResults results = new DnfResults(Path.of(arguments[0]), Path.of(arguments[2]));
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
    new DnfPage(results.csv, results.work, results.registry).write(Path.of(arguments[1]));
  }

  private static Matrix rows(Job job) {
    return switch (job.set()) {
      case "spiral" -> curve(job.set()).points(curve(job.set()).draw(ROWS, 1000 + job.seed()));
      case "circle" -> curve(job.set()).points(curve(job.set()).draw(ROWS, 1000 + job.seed()));
      default -> Sphere.draw(ROWS, 1000 + job.seed());
    };
  }

  static Curve curve(String name) {
    return name.equals("spiral") ? Curve.spiral() : Curve.circle();
  }

  static Path model(Path work, Job job) {
    return work.resolve(job.fileName() + ".thalweg");
  }

  private void run(Job job) throws IOException {
    Files.createDirectories(work);
    if (!Files.exists(csv)) {
      Files.writeString(csv, HEAD + "\n");
    }
    if (Files.readAllLines(csv).stream().anyMatch(line -> line.startsWith(job.key() + ","))) {
      return;
    }
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model = fit(registry.estimator(job.estimator()), job, engine)) {
      ModelFile.save(model(work, job), model, registry, Map.of());
      Judgement judged =
          job.set().equals("sphere")
              ? Judgement.ofSphere(model, job.seed())
              : Judgement.of(model, curve(job.set()), job.seed());
      Map<String, Double> metrics = model.card().metrics();
      String row =
          String.format(
              Locale.ROOT,
              "%s,%d,%.0f,%.0f,%.1f,%s%n",
              job.key(),
              ROWS,
              metrics.get("steps"),
              metrics.get("parameters"),
              metrics.get("seconds"),
              judged.csv());
      Files.writeString(csv, row, StandardOpenOption.APPEND);
      System.out.print(row);
    }
  }

  private <C extends Record> Model fit(EstimatorProvider<C> provider, Job job, Engine engine) {
    C config = ConfigBinder.bind(provider.defaults(), job.options());
    return provider
        .create(config, new EstimatorContext(engine, registry))
        .fit(
            Dataset.of(rows(job)),
            FitOptions.seed(job.seed()).withSplit(new Split(0.9, 0.1, 0)),
            FitListener.SILENT);
  }
}
