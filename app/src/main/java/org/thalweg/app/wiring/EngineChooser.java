package org.thalweg.app.wiring;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;
import org.thalweg.app.console.Console;

/**
 * Chooses the engine: the one that is asked for, or with {@code auto} the one that earlier work on
 * the same model used, else the one on which a short measurement is fastest. Only {@link
 * EngineModule} opens what is chosen here.
 */
@Singleton
public final class EngineChooser implements AutoCloseable {
  /** The engine that is always worth a comparison, and that is taken when nothing was measured. */
  private static final String USUAL = "cpu";

  private static final String AUTO = "auto";
  private static final String STAYED = "the model was trained on it";
  private static final String TOO_SHORT = "the fit is over before its steps can be timed";

  private final Settings settings;
  private final Console console;
  private final List<EngineProvider> installed;
  private final EngineRates rates;
  private Optional<EngineTrial> trial = Optional.empty();
  private Optional<String> earlier = Optional.empty();
  private String earlierReason = "";
  private String reason = "";
  private Engine opened;

  @Inject
  EngineChooser(Settings settings, Console console) {
    this(settings, console, Engines.installed(), EngineRates.ofUser());
  }

  /** Chooses among these. */
  EngineChooser(
      Settings settings, Console console, List<EngineProvider> installed, EngineRates rates) {
    this.settings = settings;
    this.console = console;
    this.installed = List.copyOf(installed);
    this.rates = rates;
  }

  /**
   * What came of measuring an engine.
   *
   * @param engine its name
   * @param rate units of work a second, where it could be measured
   * @param reason why it could not, as part of a sentence
   * @param code whose fault that is: the engine's, or that of what was asked
   */
  public record Measured(String engine, OptionalDouble rate, String reason, ExitCode code) {
    private static Measured at(String engine, double rate) {
      return new Measured(engine, OptionalDouble.of(rate), "", ExitCode.OK);
    }

    private static Measured not(String engine, String reason, ExitCode code) {
      return new Measured(engine, OptionalDouble.empty(), within(reason), code);
    }

    @Override
    public String toString() {
      return rate.isPresent()
          ? String.format(Locale.ROOT, "%s %.1f/s", engine, rate.getAsDouble())
          : engine + " not measured: " + reason;
    }
  }

  /** All engines, available or not. */
  public List<EngineProvider> installed() {
    return installed;
  }

  /** What {@code auto} may measure; said before the engine is asked for. */
  public void measureWith(EngineTrial work) {
    trial = Optional.of(work);
  }

  /** What earlier work on the same model used; said before the engine is asked for. */
  public void stayWith(String engine) {
    stayWith(engine, "");
  }

  /**
   * What earlier work on the same model used; said before the engine is asked for.
   *
   * @param why the reason that was noted then, or nothing
   */
  public void stayWith(String engine, String why) {
    earlier = Optional.of(engine);
    earlierReason = why;
  }

  /** Measures work on each engine, those that cannot be opened with the reason; keeps the rates. */
  public List<Measured> measure(EngineTrial work) {
    List<Measured> out = installed.stream().map(provider -> measured(provider, work)).toList();
    keep(work, out);
    return out;
  }

  /** Why the engine was chosen. */
  public String reason() {
    return reason;
  }

  /** Opens the engine. */
  Engine open() {
    opened = choose();
    console.info("Engine %s: %s.", opened.name(), reason);
    return opened;
  }

  @Override
  public void close() {
    if (opened != null) {
      opened.close();
    }
  }

  private Engine choose() {
    if (!settings.engine().equals(AUTO)) {
      reason = "asked for with --engine";
      return Engines.open(named(settings.engine()).name(), settings.engineOptions());
    }
    List<EngineProvider> available =
        installed.stream()
            .filter(provider -> provider.availability() instanceof Availability.Available)
            .toList();
    if (available.isEmpty()) {
      throw new ThalwegException(
          ExitCode.ENGINE, "No engine is available: " + String.join("; ", curable()) + ".");
    }
    Optional<EngineProvider> before =
        available.stream().filter(p -> earlier.filter(p.name()::equals).isPresent()).findFirst();
    if (before.isPresent()) {
      reason =
          earlierReason.isEmpty() || earlierReason.startsWith(STAYED)
              ? STAYED + earlierReason.replace(STAYED, "")
              : STAYED + ", then chosen as " + earlierReason;
      return firstThatOpens(before.get(), available);
    }
    if (available.size() == 1) {
      List<String> others = unavailable();
      reason = others.isEmpty() ? "the only one" : String.join(" ", others);
      return available.get(0).open(settings.engineOptions());
    }
    return measured(available);
  }

  private Engine measured(List<EngineProvider> available) {
    List<Measured> figures = trial.map(work -> figures(available, work)).orElse(List.of());
    Optional<Measured> best =
        figures.stream()
            .filter(figure -> figure.rate().isPresent())
            .max(Comparator.comparingDouble(figure -> figure.rate().getAsDouble()));
    String name = best.map(Measured::engine).orElse(USUAL);
    if (best.isEmpty()) {
      List<String> why = figures.stream().map(Measured::reason).distinct().toList();
      reason =
          "several are available and nothing was measured"
              + (why.size() == 1 ? ", since " + why.get(0) : "");
    }
    EngineProvider wanted =
        available.stream()
            .filter(provider -> provider.name().equals(name))
            .findFirst()
            .orElse(available.get(0));
    return firstThatOpens(wanted, available);
  }

  /** Those of an earlier measurement of the same work on this machine, else measured now. */
  private List<Measured> figures(List<EngineProvider> available, EngineTrial work) {
    Map<String, Double> known = work.shape().map(shape -> rates.get(key(shape))).orElse(Map.of());
    List<Measured> figures;
    String when;
    if (available.stream().allMatch(provider -> known.containsKey(provider.name()))) {
      when = "an earlier measurement of the same work";
      figures = available.stream().map(p -> Measured.at(p.name(), known.get(p.name()))).toList();
    } else {
      when = "a short measurement";
      figures = available.stream().map(provider -> measured(provider, work)).toList();
      figures.stream()
          // What is wrong with what was asked, the fit itself will say.
          .filter(figure -> figure.rate().isEmpty() && figure.code() != ExitCode.USAGE)
          .forEach(figure -> console.warn("engine %s", figure));
      keep(work, figures);
    }
    List<String> texts =
        figures.stream().filter(f -> f.rate().isPresent()).map(Measured::toString).toList();
    reason = "the fastest in %s (%s)".formatted(when, String.join(", ", texts));
    return figures;
  }

  private void keep(EngineTrial work, List<Measured> figures) {
    Map<String, Double> measured = new TreeMap<>();
    figures.forEach(f -> f.rate().ifPresent(rate -> measured.put(f.engine(), rate)));
    if (measured.size() > 1) {
      work.shape().ifPresent(shape -> rates.put(key(shape), measured));
    }
  }

  private String key(String shape) {
    return EngineRates.key(shape, settings, installed);
  }

  /** What seems available may still fail to open: a driver that is too old shows only then. */
  private Engine firstThatOpens(EngineProvider wanted, List<EngineProvider> available) {
    try {
      return wanted.open(settings.engineOptions());
    } catch (ThalwegException e) {
      List<EngineProvider> others = available.stream().filter(p -> p != wanted).toList();
      if (others.isEmpty()) {
        throw e;
      }
      reason = "%s did not open: %s".formatted(wanted.name(), within(e.getMessage()));
      return firstThatOpens(others.get(0), others);
    }
  }

  private Measured measured(EngineProvider provider, EngineTrial work) {
    String name = provider.name();
    if (provider.availability() instanceof Availability.Unavailable no) {
      return Measured.not(name, no.reason(), ExitCode.ENGINE);
    }
    try (Engine engine = provider.open(settings.engineOptions())) {
      OptionalDouble rate = work.rate(engine);
      return rate.isPresent()
          ? Measured.at(name, rate.getAsDouble())
          : Measured.not(name, TOO_SHORT, ExitCode.USAGE);
    } catch (ThalwegException e) {
      return Measured.not(name, e.getMessage(), e.exitCode());
    } catch (RuntimeException | LinkageError e) {
      // Such as a GPU that libtorch has no kernels for: the others are there all the same.
      return Measured.not(name, Reason.of(e), ExitCode.ENGINE);
    }
  }

  /** A message as part of a sentence. */
  private static String within(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private EngineProvider named(String name) {
    return installed.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> {
              List<String> names = new ArrayList<>(List.of(AUTO));
              installed.forEach(provider -> names.add(provider.name()));
              return Names.unknown("engine", name, names);
            });
  }

  private List<String> unavailable() {
    List<String> out = new ArrayList<>();
    for (EngineProvider provider : installed) {
      if (provider.availability() instanceof Availability.Unavailable no) {
        out.add("%s is not available, since %s".formatted(provider.name(), no.reason()));
      }
    }
    return out;
  }

  private List<String> curable() {
    List<String> out = new ArrayList<>();
    for (EngineProvider provider : installed) {
      if (provider.availability() instanceof Availability.Unavailable no) {
        out.add("%s, since %s (cure: %s)".formatted(provider.name(), no.reason(), no.cure()));
      }
    }
    return out;
  }
}
