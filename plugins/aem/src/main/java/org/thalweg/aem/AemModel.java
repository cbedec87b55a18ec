package org.thalweg.aem;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Screening;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Workers;

/**
 * A trained energy machine. Its log-density is an estimate, of which four are on offer; a number
 * after a colon sets the effort:
 *
 * <ul>
 *   <li>{@code estimate}, {@code estimate:S}: normalised with S importance samples
 *   <li>{@code kde}, {@code kde:S}: a kernel density of S weighted samples, which is normalised
 *   <li>{@code proposal}: what samples are drawn from, as a model of its own
 *   <li>{@code exact}, {@code exact:TOLERANCE}: normalised numerically, to as many nats a column
 * </ul>
 */
public final class AemModel implements Model, LogDensity, Sampler {
  private static final Named ESTIMATE =
      new Named("estimate", Relation.OPTIMISTIC, Measure.AMBIENT, true);
  private static final Named KDE = new Named("kde", Relation.EXACT, Measure.AMBIENT, true);
  private static final Named PROPOSAL = Named.exact("proposal");
  private static final Named EXACT = Named.exact("exact");

  /** What energies in single precision, of some ten nats, can still tell apart. */
  private static final double FINEST_SINGLE = 1e-5;

  private static final double FINEST_DOUBLE = 1e-10;

  private static final double TOLERANCE = 1e-4;

  private final ModelCard card;
  private final Engine engine;
  private final ParameterStore store;
  private final AemNets nets;
  private final Standardiser standardiser;
  private final Kernel kernel;
  private final AemScoring scoring;
  private final Workers workers;

  AemModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      AemNets nets,
      Standardiser standardiser,
      Kernel kernel) {
    this(card, engine, store, nets, standardiser, kernel, new Workers(engine.parallelism()));
  }

  private AemModel(
      ModelCard card,
      Engine engine,
      ParameterStore store,
      AemNets nets,
      Standardiser standardiser,
      Kernel kernel,
      Workers workers) {
    this.card = card;
    this.engine = engine;
    this.store = store;
    this.nets = nets;
    this.standardiser = standardiser;
    this.kernel = kernel;
    this.scoring = new AemScoring(engine, nets, standardiser);
    this.workers = workers;
  }

  /** The same model under another card; the workers are shared. */
  AemModel with(ModelCard other) {
    return new AemModel(other, engine, store, nets, standardiser, kernel, workers);
  }

  @Override
  public ModelCard card() {
    return card;
  }

  private AemConfig config() {
    return (AemConfig) card.config();
  }

  @Override
  public List<Named> densities() {
    return List.of(ESTIMATE, KDE, PROPOSAL, EXACT);
  }

  @Override
  public Named density(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      return LogDensity.super.density(name);
    }
    Named plain = LogDensity.super.density(name.substring(0, colon));
    Named asked = new Named(name, plain.relation(), plain.measure(), plain.stochastic());
    effort(asked); // refuses what cannot be
    return asked;
  }

  /** The number of samples, or the tolerance, that a density is asked for with. */
  private double effort(Named named) {
    int colon = named.name().indexOf(':');
    String kind = colon < 0 ? named.name() : named.name().substring(0, colon);
    if (colon < 0) {
      return switch (kind) {
        case "estimate" -> config().scoringSamples();
        case "kde" -> config().kernels();
        default -> TOLERANCE;
      };
    }
    String text = named.name().substring(colon + 1);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (kind.equals("exact")) {
      return tolerance(value, text);
    }
    if (kind.equals("proposal")) {
      throw ThalwegException.usage(
          "The density 'proposal' is exact and takes no number; got '%s'.", named.name());
    }
    if (value != Math.rint(value) || Double.isInfinite(value)) {
      throw ThalwegException.usage(
          "'%s' needs a number of samples after the colon, such as %s:1000.", named.name(), kind);
    }
    AemConfig.requireSeveral(kind, (int) Math.max(0, Math.min(Integer.MAX_VALUE, value)));
    return value;
  }

  private double tolerance(double value, String text) {
    boolean single = engine.dataType() == DataType.FLOAT32;
    double finest = single ? FINEST_SINGLE : FINEST_DOUBLE;
    if (!(value >= finest && value <= 1)) {
      throw ThalwegException.usage(
          "'exact:%s' needs a tolerance from %s to 1 nat: that is what energies in %s can tell"
              + " apart.%s",
          text,
          finest,
          single ? "single precision" : "double precision",
          single && value < finest ? " --precision float64 goes further." : "");
    }
    return value;
  }

  @Override
  public Screening screen(Rows rows) {
    Screening screening = standardiser.screen(rows, schema());
    if (config().sampler().proposal() != ProposalConfig.Family.BOX) {
      return screening;
    }
    boolean[] usable = screening.usable();
    boolean[] outside = scoring.outside(rows);
    int d = nets.dimension();
    for (int i = 0; i < outside.length; i++) {
      usable[i / d] = usable[i / d] && !outside[i];
    }
    return new Screening(usable, screening.warnings());
  }

  @Override
  public Scores logDensity(Named named, Rows rows, Seed seed) {
    require(rows);
    requireInside(rows);
    double effort = effort(named);
    int colon = named.name().indexOf(':');
    return switch (colon < 0 ? named.name() : named.name().substring(0, colon)) {
      case "estimate" -> {
        var estimates = scoring.estimate(rows, (int) effort, seed, workers);
        yield new Scores(estimates.values(), Optional.of(estimates.standardErrors()));
      }
      case "kde" -> kde(rows, (int) effort, seed);
      case "proposal" -> new Scores(scoring.proposal(rows, workers), Optional.empty());
      case "exact" -> new Scores(scoring.exact(rows, effort, workers), Optional.empty());
      default -> throw new IllegalArgumentException("No such density: " + named.name());
    };
  }

  private Scores kde(Rows rows, int samples, Seed seed) {
    double[] both = scoring.kernels(rows, samples, List.of(kernel), seed, workers);
    double[] values = new double[rows.size()];
    double[] errors = new double[rows.size()];
    Arrays.setAll(values, i -> both[2 * i]);
    Arrays.setAll(errors, i -> Math.sqrt(both[2 * i + 1]));
    return new Scores(values, Optional.of(errors));
  }

  /**
   * The effective number of importance samples of each row and column, (sum w)^2 / sum w^2: far
   * below S, the estimate hangs on a few samples, and flatters (Durkan and Nash, 2019, section
   * 2.2).
   *
   * @param samples S, at least 2
   * @return {@code [N, D]}, from 1 to S
   * @throws ThalwegException exit code 2 where S is less than 2
   */
  public Matrix effectiveSamples(Rows rows, int samples, Seed seed) {
    AemConfig.requireSeveral("samples", samples);
    require(rows);
    requireInside(rows);
    double[] effective = scoring.estimate(rows, samples, seed, workers).effective();
    return new Matrix(rows.size(), nets.dimension(), effective);
  }

  /**
   * log Z of each row's conditionals, in nats and the standardised units that the energies are in.
   *
   * @param named {@code estimate:S} or {@code exact:TOLERANCE}
   * @return {@code [N, D]}
   */
  public Matrix logNormalisers(Named named, Rows rows, Seed seed) {
    require(rows);
    requireInside(rows);
    double effort = effort(named);
    double[] out;
    if (named.name().startsWith("exact")) {
      out = scoring.logNormalisers(rows, effort, workers);
    } else {
      double[] both = scoring.sampledNormalisers(rows, (int) effort, seed, workers);
      out = new double[both.length / 2];
      Arrays.setAll(out, g -> both[2 * g]);
    }
    return new Matrix(rows.size(), nets.dimension(), out);
  }

  @Override
  public Matrix sample(int perContext, Matrix context, Seed seed) {
    require(context, schema().contexts().size(), "context");
    long rows = (long) perContext * context.rows();
    if (rows * nets.dimension() > Integer.MAX_VALUE - 8) {
      throw ThalwegException.usage(
          "%d rows of %d columns are too many for one call: ask for fewer at a time.",
          rows, nets.dimension());
    }
    return new AemSampling(engine, nets, standardiser, config().resamples())
        .draw((int) rows, Math.max(1, perContext), context, seed, workers);
  }

  private void require(Rows rows) {
    require(rows.features(), schema().features().size(), "feature");
    require(rows.context(), schema().contexts().size(), "context");
  }

  private void require(Matrix given, int columns, String kind) {
    if (given.columns() != columns) {
      throw ThalwegException.usage(
          "The model has %d %s columns, the rows have %d.", columns, kind, given.columns());
    }
  }

  private void requireInside(Rows rows) {
    if (config().sampler().proposal() != ProposalConfig.Family.BOX) {
      return;
    }
    boolean[] outside = scoring.outside(rows);
    int d = nets.dimension();
    for (int i = 0; i < outside.length; i++) {
      if (outside[i]) {
        throw ThalwegException.usage(
            "Row %d has %s = %s, outside the box that the model's density is over. Leave such rows"
                + " out, or fit with a wider box (low, high).",
            i / d + 1, schema().features().get(i % d).name(), rows.features().get(i / d, i % d));
      }
    }
  }

  @Override
  public void save(ModelWriter writer) {
    writer.value("standardiser", standardiser.toMap());
    writer.value("kernel", Map.of("bandwidth", kernel.bandwidth(), "mix", kernel.mix()));
    store.save(writer);
  }

  @Override
  public void close() {
    workers.close();
  }
}
