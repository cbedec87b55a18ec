package org.thalweg.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;

/** Engines that are names only. */
class EngineChooserTest {
  @TempDir Path directory;

  private final List<String> closed = new ArrayList<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  private EngineProvider provider(String name, boolean available) {
    return new EngineProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Availability availability() {
        return available
            ? new Availability.Available("here")
            : new Availability.Unavailable("it is not there", "buy one");
      }

      @Override
      public Engine open(EngineOptions options) {
        return engine(name);
      }
    };
  }

  private Engine engine(String name) {
    return (Engine)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                closed.add(name);
                return null;
              }
              return name;
            });
  }

  private EngineChooser chooser(EngineProvider... providers) {
    PrintStream nowhere = new PrintStream(said);
    Settings settings =
        new Settings(new Seed(0), EngineOptions.threads(1), "auto", List.of(), false);
    return new EngineChooser(
        settings,
        new Console(nowhere, nowhere, false, false),
        List.of(providers),
        new EngineRates(directory.resolve("cache").resolve("engines.properties")));
  }

  @Test
  void takesTheOnlyOneAndSaysWhyNotTheOther() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", false));
    assertEquals("cpu", chooser.open().name());
    assertTrue(chooser.reason().contains("gpu is not available"), chooser.reason());
    assertTrue(chooser.reason().contains("it is not there"), chooser.reason());
  }

  @Test
  void takesTheFasterOneAndClosesBothTrials() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.measureWith(e -> OptionalDouble.of(e.name().equals("gpu") ? 30 : 10));
    assertEquals("gpu", chooser.open().name());
    assertEquals(List.of("cpu", "gpu"), closed);
    assertTrue(chooser.reason().contains("gpu 30.0/s"), chooser.reason());
    EngineChooser other = chooser(provider("cpu", true), provider("gpu", true));
    other.measureWith(e -> OptionalDouble.of(e.name().equals("gpu") ? 5 : 10));
    assertEquals("cpu", other.open().name());
  }

  @Test
  void anEngineThatFailsInItsTrialIsNotTaken() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.measureWith(
        e -> {
          if (e.name().equals("gpu")) {
            throw new ThalwegException(ExitCode.ENGINE, "out of memory");
          }
          return OptionalDouble.of(1);
        });
    assertEquals("cpu", chooser.open().name());
  }

  /** Work of some shape that gpu does three times as fast, and how often it was measured. */
  private final class Shaped implements EngineTrial {
    private final String shape;
    private int measured;

    Shaped(String shape) {
      this.shape = shape;
    }

    @Override
    public Optional<String> shape() {
      return Optional.of(shape);
    }

    @Override
    public OptionalDouble rate(Engine engine) {
      measured++;
      return OptionalDouble.of(engine.name().equals("gpu") ? 30 : 10);
    }
  }

  private EngineChooser chooseFor(EngineTrial work) {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.measureWith(work);
    assertEquals("gpu", chooser.open().name());
    return chooser;
  }

  @Test
  void theSameWorkIsMeasuredOnce() throws IOException {
    Shaped work = new Shaped("maf, 6 features, batch 512");
    assertTrue(chooseFor(work).reason().contains("short measurement (cpu 10.0/s, gpu 30.0/s)"));
    assertEquals(2, work.measured);
    String again = chooseFor(work).reason();
    assertTrue(again.contains("an earlier measurement") && again.contains("gpu 30.0/s"), again);
    assertTrue(again.contains("cpu 10.0/s"), again);
    assertEquals(2, work.measured);
    Shaped other = new Shaped("maf, 6 features, batch 4096");
    chooseFor(other);
    assertEquals(2, other.measured);
    Path kept = directory.resolve("cache").resolve("engines.properties");
    Files.writeString(kept, "\\u00zz");
    chooseFor(work);
    assertEquals(4, work.measured, "what cannot be read is measured again");
  }

  @Test
  void anotherThatAppearsIsMeasured() {
    Shaped work = new Shaped("maf");
    EngineChooser alone = chooser(provider("cpu", true), provider("gpu", false));
    List<EngineChooser.Measured> figures = alone.measure(work);
    assertEquals(10, figures.get(0).rate().orElseThrow());
    assertEquals("it is not there", figures.get(1).reason());
    assertEquals(1, work.measured);
    chooseFor(work);
    assertEquals(3, work.measured);
  }

  @Test
  void whatMeasuringLeftServesTheNextChoice() {
    Shaped work = new Shaped("maf");
    chooser(provider("cpu", true), provider("gpu", true)).measure(work);
    chooseFor(work);
    assertEquals(2, work.measured);
  }

  @Test
  void aHomeThatCannotBeWrittenToIsNoFailure() throws IOException {
    Files.writeString(directory.resolve("cache"), "a file where a directory should be");
    Shaped work = new Shaped("maf");
    chooseFor(work);
    chooseFor(work);
    assertEquals(4, work.measured);
  }

  @Test
  void aTrialThatBreaksLeavesTheOthers() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.measureWith(
        e -> {
          if (e.name().equals("gpu")) {
            throw new IllegalStateException("no kernel image is available");
          }
          return OptionalDouble.of(1);
        });
    assertEquals("cpu", chooser.open().name());
    assertTrue(said.toString().contains("engine gpu not measured: "), said.toString());
    assertTrue(said.toString().contains("no kernel image is available"), said.toString());
  }

  @Test
  void workThatIsOverTooSoonIsSaidSo() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.measureWith(e -> OptionalDouble.empty());
    assertEquals("cpu", chooser.open().name());
    assertEquals(
        "several are available and nothing was measured, since the fit is over before its steps"
            + " can be timed",
        chooser.reason());
    assertFalse(said.toString().contains("warning"), said.toString());
    EngineChooser.Measured figure =
        chooser(provider("cpu", true)).measure(e -> OptionalDouble.empty()).get(0);
    assertEquals(ExitCode.USAGE, figure.code());
  }

  @Test
  void anotherVersionIsMeasuredAnew() {
    Settings settings =
        new Settings(new Seed(0), EngineOptions.threads(1), "auto", List.of(), false);
    List<EngineProvider> engines = List.of(provider("cpu", true));
    String now = EngineRates.key("maf", settings, engines, Map.of("thalweg", "1"));
    assertEquals(now, EngineRates.key("maf", settings, engines, Map.of("thalweg", "1")));
    assertNotEquals(now, EngineRates.key("maf", settings, engines, Map.of("thalweg", "2")));
  }

  @Test
  void whereFiguresAreKept() {
    Map<String, String> set = new HashMap<>();
    Function<String, Optional<String>> environment = name -> Optional.ofNullable(set.get(name));
    Path home = Path.of(System.getProperty("user.home"));
    String below = ".cache/thalweg/engines.properties";
    assertEquals(home.resolve(below), EngineRates.file(environment));
    set.put("HOME", "/another");
    assertEquals(Path.of("/another").resolve(below), EngineRates.file(environment));
    set.put("XDG_CACHE_HOME", "/caches");
    assertEquals(Path.of("/caches/thalweg/engines.properties"), EngineRates.file(environment));
    set.put("THALWEG_CACHE", "mine");
    assertEquals(Path.of("mine/engines.properties"), EngineRates.file(environment));
    set.put("THALWEG_CACHE", " ");
    set.put("XDG_CACHE_HOME", "not\0a path");
    assertEquals(Path.of("/another").resolve(below), EngineRates.file(environment));
  }

  @Test
  void theReasonOfTheChoiceStaysWithTheModel() {
    String first = "the fastest in a short measurement (cpu 10.0/s, gpu 30.0/s)";
    EngineChooser resumed = chooser(provider("cpu", true), provider("gpu", true));
    resumed.stayWith("gpu", first);
    resumed.open();
    assertTrue(resumed.reason().endsWith("then chosen as " + first), resumed.reason());
    EngineChooser again = chooser(provider("cpu", true), provider("gpu", true));
    again.stayWith("gpu", resumed.reason());
    again.open();
    assertEquals(resumed.reason(), again.reason(), "however often a fit goes on");
  }

  @Test
  void staysWithTheEngineOfEarlierWork() {
    EngineChooser chooser = chooser(provider("cpu", true), provider("gpu", true));
    chooser.stayWith("gpu");
    assertEquals("gpu", chooser.open().name());
    EngineChooser gone = chooser(provider("cpu", true), provider("gpu", false));
    gone.stayWith("gpu");
    assertEquals("cpu", gone.open().name());
    gone.close();
    assertEquals(List.of("cpu"), closed);
  }

  @Test
  void withoutAMeasurementItIsTheProcessor() {
    EngineChooser chooser = chooser(provider("gpu", true), provider("cpu", true));
    assertEquals("cpu", chooser.open().name());
  }

  @Test
  void noEngineIsExitFourWithTheReasons() {
    EngineChooser chooser = chooser(provider("cpu", false));
    ThalwegException e = assertThrows(ThalwegException.class, chooser::open);
    assertEquals(ExitCode.ENGINE, e.exitCode());
    assertTrue(e.getMessage().contains("it is not there"), e.getMessage());
    assertTrue(e.getMessage().contains("cure: buy one"), e.getMessage());
  }
}
