package org.thalweg.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.error.ThalwegException;

class ReasonTest {
  @TempDir Path dir;

  @Test
  void theSystemsWordsStandWithoutNames() throws IOException {
    Path file = Files.createFile(dir.resolve("x"));
    IOException notADirectory =
        assertThrows(IOException.class, () -> Files.createFile(file.resolve("y")));
    assertEquals("Not a directory", Reason.of(notADirectory));
    assertEquals(
        "no such file or directory", Reason.of(new NoSuchFileException("/proc/.part.model")));
    assertEquals("it ends too early", Reason.of(new EOFException()));
    assertEquals("too long", Reason.of(new IOException("too long")));
  }

  @Test
  void whatAProviderThrewIsShown() {
    Injector injector =
        Guice.createInjector(
            new AbstractModule() {
              @Override
              protected void configure() {
                bind(StringBuilder.class).toProvider(ReasonTest::fail);
                bind(Thread.class).toProvider(ReasonTest::refuse);
              }
            });
    ProvisionException failed =
        assertThrows(ProvisionException.class, () -> injector.getInstance(StringBuilder.class));
    assertEquals("java.lang.IllegalStateException: no native", Reason.of(failed));
    ProvisionException refused =
        assertThrows(ProvisionException.class, () -> injector.getInstance(Thread.class));
    assertEquals("Do otherwise.", Reason.of(refused));
  }

  private static StringBuilder fail() {
    throw new IllegalStateException("no native");
  }

  private static Thread refuse() {
    throw ThalwegException.usage("Do otherwise.");
  }
}
