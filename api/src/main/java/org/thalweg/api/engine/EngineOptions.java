package org.thalweg.api.engine;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.thalweg.api.error.ThalwegException;

/**
 * How an engine is opened.
 *
 * @param threads the number of workers that may compute at the same time, at least 1
 * @param precision how exactly
 * @param devices the GPUs that a batch is divided over, each counted from 0; an engine that has
 *     none refuses others than the first
 */
public record EngineOptions(int threads, Precision precision, List<Integer> devices) {
  /** More workers than this are a mistake: each holds memory of its own. */
  private static final int MOST_THREADS = 512;

  private static final List<Integer> FIRST = List.of(0);

  /** On the first device. */
  public EngineOptions(int threads, DataType dataType) {
    this(threads, precision(dataType), FIRST);
  }

  /** Refuses fewer than one thread, far too many, and devices that cannot be meant. */
  public EngineOptions {
    devices = List.copyOf(devices);
    if (threads < 1 || threads > MOST_THREADS) {
      throw ThalwegException.usage(
          "--threads must be from 1 to %d, got %d; this machine has %d processors.",
          MOST_THREADS, threads, Runtime.getRuntime().availableProcessors());
    }
    if (devices.isEmpty()) {
      throw ThalwegException.usage("--devices names at least one GPU, such as 0.");
    }
    for (int device : devices) {
      if (device < 0) {
        throw ThalwegException.usage("--devices counts from 0, got %d.", device);
      }
    }
    if (Set.copyOf(devices).size() < devices.size()) {
      throw ThalwegException.usage("--devices names a GPU twice: %s. Name each once.", devices);
    }
  }

  private static Precision precision(DataType type) {
    if (type == DataType.FLOAT32) {
      return Precision.FLOAT32;
    }
    if (type == DataType.FLOAT64) {
      return Precision.FLOAT64;
    }
    throw ThalwegException.usage("Engines compute in float32 or float64, got %s.", type);
  }

  /** Single precision on {@code threads} workers. */
  public static EngineOptions threads(int threads) {
    return new EngineOptions(threads, DataType.FLOAT32);
  }

  /** The type of parameters and batches. */
  public DataType dataType() {
    return precision.dataType();
  }

  /**
   * Refuses what means nothing where there is no GPU.
   *
   * @param engine the name of an engine without one
   * @throws ThalwegException exit code 2
   */
  public void requireNoGpu(String engine) {
    if (precision == Precision.TF32 || precision == Precision.BFLOAT16) {
      throw ThalwegException.usage(
          "--precision %s is of products on a GPU, and the engine '%s' computes them in full. Use"
              + " float32, or --engine gpu where there is one.",
          precision.name().toLowerCase(Locale.ROOT), engine);
    }
    if (!devices.equals(FIRST)) {
      throw ThalwegException.usage(
          "--devices chooses among GPUs, got %s, and the engine '%s' has none. Leave it out, or use"
              + " --engine gpu where there is one.",
          devices, engine);
    }
  }
}
