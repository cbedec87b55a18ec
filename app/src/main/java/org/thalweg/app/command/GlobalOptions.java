package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.random.Seed;
import org.thalweg.app.wiring.Settings;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that stand before or after a command's name. */
public final class GlobalOptions {
  @Option(
      names = "--seed",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      defaultValue = "0",
      description = "the origin of all randomness (default: ${DEFAULT-VALUE})")
  long seed;

  @Option(
      names = "--threads",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      description = "workers that compute at the same time (default: all processors)")
  Integer threads;

  @Option(
      names = "--engine",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "auto, cpu or gpu (default: ${DEFAULT-VALUE})")
  String engine;

  @Option(
      names = "--precision",
      scope = ScopeType.INHERIT,
      paramLabel = "TYPE",
      defaultValue = "float32",
      description =
          "float32, float64, or float32 with coarser products on a GPU: tf32, bfloat16 (default: "
              + "${DEFAULT-VALUE})")
  Precision precision;

  @Option(
      names = "--devices",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      split = ",",
      defaultValue = "0",
      description =
          "which GPUs compute, counted from 0, such as 0,1; a batch is divided over them (default: "
              + "${DEFAULT-VALUE})")
  List<Integer> devices;

  @Option(
      names = "--plugin-path",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "a directory of plugins; may be given several times")
  List<Path> pluginPaths = new ArrayList<>();

  @Option(
      names = "--strict-plugins",
      scope = ScopeType.INHERIT,
      description = "end where a plugin fails to load, instead of going on without it")
  boolean strictPlugins;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "print the result as one JSON object")
  boolean json;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "log more, and show stack traces")
  boolean verbose;

  /** Whether results are JSON. */
  public boolean json() {
    return json;
  }

  /** Whether stack traces are shown. */
  public boolean verbose() {
    return verbose;
  }

  /** The same as a value. */
  public Settings settings() {
    int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    EngineOptions options = new EngineOptions(workers, precision, devices);
    return new Settings(new Seed(seed), options, engine, pluginPaths, strictPlugins);
  }
}
