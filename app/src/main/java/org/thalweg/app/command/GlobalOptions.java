package org.thalweg.app.command;

import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.app.wiring.Settings;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that stand before or after a command's name. */
public final class GlobalOptions {
  /** What libtorch reads when it is loaded; no function of DJL sets it later. */
  private static final String TF32 = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  /** The precisions of parameters and batches. */
  enum Precision {
    float32(DataType.FLOAT32),
    /** float32 whose products keep 10 bits of the mantissa, where a GPU can. */
    tf32(DataType.FLOAT32),
    float64(DataType.FLOAT64);

    final DataType type;

    Precision(DataType type) {
      this.type = type;
    }
  }

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
          "float32, float64, or tf32: float32 with coarser products on a GPU (default: "
              + "${DEFAULT-VALUE})")
  Precision precision;

  @Option(
      names = "--devices",
      scope = ScopeType.INHERIT,
      paramLabel = "N",
      defaultValue = "0",
      description = "which GPU computes, counted from 0; one at a time (default: ${DEFAULT-VALUE})")
  int devices;

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
    if (precision == Precision.tf32 && !"1".equals(System.getenv(TF32))) {
      throw ThalwegException.usage(
          "--precision tf32 is decided when the process starts: set %s=1, as bin/thalweg does.",
          TF32);
    }
    EngineOptions options = new EngineOptions(workers, precision.type, devices);
    return new Settings(new Seed(seed), options, engine, pluginPaths, strictPlugins);
  }
}
