package org.thalweg.app.wiring;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
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

  private final Settings settings;
  private final Console console;
  private final List<EngineProvider> installed;
  private Optional<EngineTrial> trial = Optional.empty();
  private Optional<String> earlier = Optional.empty();
  private String reason = "";
  private Engine opened;

  @Inject
  EngineChooser(Settings settings, Console console) {
    this(settings, console, Engines.installed());
  }

  /** Chooses among these. */
  EngineChooser(Settings settings, Console console, List<EngineProvider> installed) {
    this.settings = settings;
    this.console = console;
    this.installed = List.copyOf(installed);
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
    earlier = Optional.of(engine);
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
          ExitCode.ENGINE, "No engine is available. " + String.join(" ", unavailable()));
    }
    Optional<EngineProvider> before =
        available.stream().filter(p -> earlier.filter(p.name()::equals).isPresent()).findFirst();
    if (before.isPresent()) {
      reason = "the model was trained on it";
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
    List<String> rates = new ArrayList<>();
    EngineProvider best = null;
    double most = 0;
    for (EngineProvider provider : available) {
      OptionalDouble rate = rate(provider);
      if (rate.isPresent()) {
        rates.add(String.format(Locale.ROOT, "%s %.1f/s", provider.name(), rate.getAsDouble()));
        if (rate.getAsDouble() > most) {
          most = rate.getAsDouble();
          best = provider;
        }
      }
    }
    if (best == null) {
      best =
          available.stream()
              .filter(provider -> provider.name().equals(USUAL))
              .findFirst()
              .orElse(available.get(0));
      reason = "several are available and nothing was measured";
    } else {
      reason = "the fastest in a short measurement (" + String.join(", ", rates) + ")";
    }
    return firstThatOpens(best, available);
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
      reason = "%s did not open: %s".formatted(wanted.name(), e.getMessage());
      return firstThatOpens(others.get(0), others);
    }
  }

  private OptionalDouble rate(EngineProvider provider) {
    if (trial.isEmpty()) {
      return OptionalDouble.empty();
    }
    try (Engine engine = provider.open(settings.engineOptions())) {
      return trial.get().rate(engine);
    } catch (ThalwegException e) {
      console.warn("engine %s was not measured: %s", provider.name(), e.getMessage());
      return OptionalDouble.empty();
    }
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
}
