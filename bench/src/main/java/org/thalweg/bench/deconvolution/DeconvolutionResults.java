package org.thalweg.bench.deconvolution;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.bench.Installed;
import org.thalweg.bench.Score;
import org.thalweg.deconvolution.DeconvFlow;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.CheckpointFile;

/**
 * {@code DeconvolutionResults RESULTS DOCS [SET[:LABEL[:SEED]]...]}: runs the jobs that
 * RESULTS/deconvolution.csv has no row of, all or those that are named, and writes
 * DOCS/results/deconvolution.md. It can be stopped at any time, and goes on where it was; {@code
 * none} as a name runs nothing and writes the page.
 */
public final class DeconvolutionResults {
  static final String HEAD =
      "set,label,seed,train_rows,test_rows,steps,seconds,processor_seconds,"
          + "latent_nll,latent_se,latent_excess,latent_excess_se,"
          + "observed_nll,observed_se,observed_excess,observed_excess_se,"
          + "latent_less_xd,latent_less_xd_se,observed_less_xd,observed_less_xd_se,options";

  private static final Split SPLIT = new Split(0.9, 0.1, 0);

  /** Of two columns of so many rows little is needed to see whether a fit still improves. */
  private static final Split MANY = new Split(0.94, 0.06, 0);

  /** Rows without noise are known for all rows of the table, or for none. */
  private static final Split ALL = new Split(1, 0, 0);

  /** Rows that a bound is judged on, which takes many draws of each. */
  private static final int MOST_BOUNDS = 4000;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Path csv;
  private final Path images;
  private final Registry registry = Installed.registry();

  private DeconvolutionResults(Path csv, Path docs) {
    this.csv = csv;
    this.images = docs.resolve("images");
  }

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println("DeconvolutionResults RESULTS DOCS [SET[:LABEL[:SEED]]...]");
      System.exit(2);
    }
    Path csv = Path.of(arguments[0]).resolve("deconvolution.csv");
    List<String> wanted = Arrays.asList(arguments).subList(2, arguments.length);
    DeconvolutionResults results = new DeconvolutionResults(csv, Path.of(arguments[1]));
    for (Job job : Job.all()) {
      String key = job.key().replace(',', ':');
      if (wanted.isEmpty()
          || wanted.stream().anyMatch(w -> key.equals(w) || key.startsWith(w + ":"))) {
        results.run(job);
      }
    }
    new DeconvolutionPage(csv, Path.of(arguments[1])).write();
  }

  private void run(Job job) throws IOException {
    if (!Files.exists(csv)) {
      Files.createDirectories(csv.getParent());
      Files.writeString(csv, HEAD + "\n");
    }
    if (Files.readAllLines(csv).stream().anyMatch(line -> line.startsWith(job.key() + ","))) {
      return;
    }
    Problem problem = Problem.of(job.set(), job.seed());
    try (Engine engine = Engines.open("cpu", EngineOptions.threads(1))) {
      Judged own = judged(engine, job, problem);
      Optional<Judged> xd =
          job.label().equals("xd-gmm")
              ? Optional.empty()
              : Optional.of(judged(engine, job.mixture(), problem));
      Files.writeString(csv, line(job, problem, own, xd) + "\n", StandardOpenOption.APPEND);
    }
  }

  /** A fit, and log-densities of the held-out rows under it. */
  private record Judged(
      Optional<double[]> latent,
      double[] observed,
      double steps,
      double seconds,
      double processor) {
    /** For a flow that is compared with it later: numbers of the fit, and then of the rows. */
    List<String> lines() {
      return List.of(
          join(new double[] {steps, seconds, processor}),
          latent.map(Judged::join).orElse(""),
          join(observed));
    }

    static Judged read(List<String> lines) {
      double[] fit = split(lines.get(0));
      return new Judged(
          lines.get(1).isEmpty() ? Optional.empty() : Optional.of(split(lines.get(1))),
          split(lines.get(2)),
          fit[0],
          fit[1],
          fit[2]);
    }

    private static String join(double[] values) {
      return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    private static double[] split(String line) {
      return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  private Judged judged(Engine engine, Job job, Problem problem) throws IOException {
    Path kept = csv.resolveSibling(".deconvolution-%s.rows".formatted(job.key().replace(',', '-')));
    if (Files.exists(kept)) {
      return Judged.read(Files.readAllLines(kept));
    }
    Judged made = judgedAnew(engine, job, problem);
    Files.write(kept, made.lines());
    return made;
  }

  private Judged judgedAnew(Engine engine, Job job, Problem problem) {
    long start = System.nanoTime();
    double before = SYSTEM.getProcessCpuTime() * 1e-9;
    try (Model model = fit(engine, registry.estimator(job.estimator()), job, problem)) {
      double seconds = (System.nanoTime() - start) * 1e-9;
      double processor = SYSTEM.getProcessCpuTime() * 1e-9 - before;
      boolean sky = problem.truth().isEmpty() && problem.latent().isEmpty();
      if (sky && job.seed() == 1) {
        SkyPicture.write(images, job, model, problem);
      }
      LogDensity densities = model.as(LogDensity.class);
      Seed seed = new Seed(job.seed()).child("judge");
      return new Judged(
          problem
              .latent()
              .map(rows -> densities.logDensity(of(densities, "latent"), rows, seed).values()),
          densities.logDensity(of(densities, "observed"), some(problem.observed()), seed).values(),
          model.card().metrics().get("steps"),
          seconds,
          processor);
    }
  }

  /** What knows nothing of noise has one density, for whatever it is asked. */
  private static LogDensity.Named of(LogDensity densities, String name) {
    return densities.densities().stream()
        .filter(own -> own.name().equals(name))
        .findFirst()
        .orElse(densities.densities().get(0));
  }

  /** Where a fit that was stopped goes on. */
  private Path state(Job job) {
    return csv.resolveSibling(
        ".deconvolution-%s.checkpoint".formatted(job.key().replace(',', '-')));
  }

  private static Rows some(Rows rows) {
    return rows.size() > MOST_BOUNDS ? rows.slice(0, MOST_BOUNDS) : rows;
  }

  private <C extends Record> Model fit(
      Engine engine, EstimatorProvider<C> provider, Job job, Problem problem) {
    Map<String, Object> options = new TreeMap<>(job.options());
    if (ConfigBinder.flatten(provider.defaults())
        .keySet()
        .containsAll(problem.options().keySet())) {
      options.putAll(problem.options());
    }
    C config = ConfigBinder.bind(provider.defaults(), options);
    FitListener listener =
        event -> {
          if (event instanceof FitEvent.Validated v) {
            System.err.printf(
                Locale.ROOT,
                "%s step %d: train %.5f, validation %.5f%s%n",
                job.key(),
                v.step(),
                v.trainLogDensity(),
                v.validationLogDensity(),
                v.best() ? " *" : "");
          } else if (!(event instanceof FitEvent.Stepped)) {
            System.err.println(job.key() + " " + event);
          }
        };
    Split split = job.noiseFree() ? ALL : job.set().equals("three-gaussians") ? MANY : SPLIT;
    CheckpointFile state = new CheckpointFile(state(job), true, registry);
    Estimator estimator = provider.create(config, new EstimatorContext(engine, registry));
    if (job.noiseFree()) {
      estimator = ((DeconvFlow) estimator).pretrainedOn(problem.clean().orElseThrow());
    }
    Model model =
        estimator.fit(
            problem.train(),
            FitOptions.seed(job.seed()).withSplit(split).withCheckpoints(state),
            listener);
    state.delete();
    return model;
  }

  private static String line(Job job, Problem problem, Judged own, Optional<Judged> xd) {
    StringBuilder out = new StringBuilder(job.key());
    out.append(
        ",%d,%d,%.0f".formatted(problem.train().size(), problem.observed().size(), own.steps()));
    out.append(String.format(Locale.ROOT, ",%.0f,%.0f", own.seconds(), own.processor()));
    pair(out, own.latent().map(v -> Score.of(v).negative()));
    pair(out, problem.truth().map(t -> Score.of(t.latent(), own.latent().orElseThrow())));
    pair(out, Optional.of(Score.of(own.observed()).negative()));
    pair(
        out,
        problem
            .truth()
            .map(
                t -> Score.of(Arrays.copyOf(t.observed(), own.observed().length), own.observed())));
    // Negative log-densities: below zero, the flow is better.
    pair(
        out, xd.flatMap(other -> own.latent().map(v -> Score.of(other.latent().orElseThrow(), v))));
    pair(out, xd.map(other -> Score.of(other.observed(), own.observed())));
    String options =
        String.join(
            " ",
            job.options().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    return out.append(",").append(options).toString();
  }

  private static void pair(StringBuilder out, Optional<Score> score) {
    out.append(
        score.map(s -> String.format(Locale.ROOT, ",%.5f,%.5f", s.mean(), s.error())).orElse(",,"));
  }
}
