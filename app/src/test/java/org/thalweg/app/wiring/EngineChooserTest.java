package org.thalweg.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
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
  private final List<String> closed = new ArrayList<>();

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
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    Settings settings =
        new Settings(new Seed(0), EngineOptions.threads(1), "auto", List.of(), false);
    return new EngineChooser(
        settings, new Console(nowhere, nowhere, false, false), List.of(providers));
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
  }
}
