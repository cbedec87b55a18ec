package org.thalweg.bench.aem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.aem.AemModel;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.model.ModelFile;

/**
 * {@code AemResults WORK BENCH DOCS PLANAR_SECONDS TABLE_SECONDS [SET[:LABEL[:SEED]]...]}: runs the
 * jobs that BENCH/results/aem.csv has no row of, calibrates the energy machines that WORK has
 * models of, draws them, and writes DOCS/results/aem.md from what there is; with SET {@code none}
 * it only writes. It can be stopped at any time, and goes on where it was.
 */
public final class AemResults {
  static final String HEAD =
      "set,label,seed,steps,parameters,processor_seconds,seconds,density,mean_log_density,"
          + "standard_error";

  private final Path work;
  private final Path csv;
  private final Registry registry = Installed.registry();

  private AemResults(Path work, Path csv) {
    this.work = work;
    this.csv = csv;
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 5) {
      System.err.println(
          "AemResults WORK BENCH DOCS PLANAR_SECONDS TABLE_SECONDS [SET[:LABEL[:SEED]]...]");
      System.exit(2);
    }
    Path bench = Path.of(arguments[1]);
    AemResults results =
        new AemResults(Path.of(arguments[0]), bench.resolve("results").resolve("aem.csv"));
    Path docs = Path.of(arguments[2]);
    List<Job> jobs = Job.all(Double.parseDouble(arguments[3]), Double.parseDouble(arguments[4]));
    List<String> wanted = Arrays.asList(arguments).subList(5, arguments.length);
    for (Job job : jobs) {
      boolean asked =
          wanted.isEmpty()
              || wanted.contains(job.set())
              || wanted.contains(job.set() + ":" + job.label())
              || wanted.contains(job.key().replace(',', ':'));
      if (asked) {
        results.run(job);
        results.calibrate(job);
      }
    }
    for (String set : Job.PLANAR) {
      if (!wanted.contains("no-pictures")) {
        results.picture(set, jobs, docs);
      }
    }
    new AemPage(results.work, results.csv, jobs).write(docs, bench.resolve("aem-notes.md"));
  }

  /** The truth, a machine with its proposal, and a flow, where there are models of them. */
  private void picture(String set, List<Job> jobs, Path docs) throws IOException {
    Path file = docs.resolve("images").resolve("aem-" + set + ".png");
    List<Job> there =
        jobs.stream()
            .filter(j -> j.set().equals(set) && j.seed() == 1 && Files.exists(model(j)))
            .filter(j -> List.of("aem-tilted", "aem", "nsf-ar").contains(j.label()))
            .toList();
    if (there.isEmpty() || newer(file, there)) {
      return;
    }
    double half = set.equals("picture") ? 2.1 : 4.2;
    List<DensityPanels.Panel> panels = new ArrayList<>();
    panels.add(DensityPanels.truth(Sets.named(set), half));
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      for (Job job : there) {
        try (Model model =
            ModelFile.load(model(job), new EstimatorContext(engine, registry)).model()) {
          if (model instanceof AemModel) {
            panels.add(DensityPanels.model("proposal of " + job.label(), model, "proposal", half));
            panels.add(
                DensityPanels.model(job.label() + ", S = 1000", model, "estimate:1000", half));
          } else {
            panels.add(DensityPanels.model(job.label(), model, "exact", half));
          }
        }
      }
    }
    DensityPanels.write(file, panels);
  }

  private boolean newer(Path file, List<Job> jobs) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    for (Job job : jobs) {
      if (Files.getLastModifiedTime(model(job)).compareTo(Files.getLastModifiedTime(file)) > 0) {
        return false;
      }
    }
    return true;
  }

  private void run(Job job) throws IOException {
    Files.createDirectories(work);
    if (!Files.exists(csv)) {
      Files.createDirectories(csv.toAbsolutePath().getParent());
      Files.writeString(csv, HEAD + "\n");
    }
    if (Files.readAllLines(csv).stream().anyMatch(line -> line.startsWith(job.key() + ","))) {
      return;
    }
    Sets set = Sets.of(job.set(), job.seed());
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      Dataset data = Dataset.of(set.train());
      Map<String, Object> options =
          job.estimator().equals("aem")
              ? job.options()
              : new EqualSize(registry, engine).like("aem", job.estimator(), job.options(), data);
      BudgetedFit.Fitted fitted =
          new BudgetedFit(registry, engine)
              .fit(job.estimator(), options, data, job.seed(), job.budget());
      try (Model model = fitted.model()) {
        Files.createDirectories(work.resolve("models"));
        ModelFile.save(model(job), model, registry, Map.of());
        Judged judged = judge(model, set, job.seed());
        judged.write(work.resolve("rows").resolve(job.fileName() + ".csv"));
        StringBuilder rows = new StringBuilder();
        for (String density : judged.columns().keySet()) {
          rows.append(
              String.format(
                  Locale.ROOT,
                  "%s,%d,%.0f,%.1f,%.1f,%s,%s%n",
                  job.key(),
                  fitted.steps(),
                  model.card().metrics().get("parameters"),
                  fitted.processorSeconds(),
                  fitted.seconds(),
                  density,
                  judged.mean(density)));
        }
        Files.writeString(csv, rows, StandardOpenOption.APPEND);
        System.out.print(rows);
        fitted.warnings().forEach(w -> System.out.println(job.key() + " warns: " + w));
        System.out.println(job.key() + " " + model.card().metrics());
      }
    }
  }

  private Path model(Job job) {
    return work.resolve("models").resolve(job.fileName() + ".thalweg");
  }

  private static Judged judge(Model model, Sets set, long seed) {
    Map<String, double[]> out = new LinkedHashMap<>();
    Rows rows = Rows.of(set.test());
    LogDensity density = model.as(LogDensity.class);
    List<String> names =
        model instanceof AemModel
            ? List.of("estimate:20", "estimate:1000", "kde:1000", "proposal")
            : List.of("exact");
    for (String name : names) {
      out.put(
          name.replace(':', ' '),
          density.logDensity(density.density(name), rows, new Seed(seed)).values());
    }
    set.truth()
        .ifPresent(
            truth -> {
              double[] exact = new double[rows.size()];
              Arrays.setAll(
                  exact, i -> truth.applyAsDouble(set.test().get(i, 0), set.test().get(i, 1)));
              out.put("truth", exact);
            });
    return new Judged(out);
  }

  private void calibrate(Job job) throws IOException {
    Path out = work.resolve("calibration").resolve(job.fileName() + ".csv");
    if (!job.estimator().equals("aem") || Files.exists(out) || !Files.exists(model(job))) {
      return;
    }
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1));
        Model model = ModelFile.load(model(job), new EstimatorContext(engine, registry)).model()) {
      Calibration.write(out, (AemModel) model, Sets.of(job.set(), job.seed()).test());
    }
  }
}
