package org.thalweg.api.engine;

import ai.djl.ndarray.types.DataType;
import org.thalweg.api.error.ThalwegException;

/**
 * How an engine is opened.
 *
 * @param threads the number of workers that may compute at the same time, at least 1
 * @param dataType the type of parameters and batches, FLOAT32 or FLOAT64
 * @param device which of several devices, counted from 0; without a meaning for the processor
 */
public record EngineOptions(int threads, DataType dataType, int device) {
  /** More workers than this are a mistake: each holds memory of its own. */
  private static final int MOST_THREADS = 512;

  /** On the first device. */
  public EngineOptions(int threads, DataType dataType) {
    this(threads, dataType, 0);
  }

  /** Refuses fewer than one thread, far too many, and other types. */
  public EngineOptions {
    if (threads < 1 || threads > MOST_THREADS) {
      throw ThalwegException.usage(
          "--threads must be from 1 to %d, got %d; this machine has %d processors.",
          MOST_THREADS, threads, Runtime.getRuntime().availableProcessors());
    }
    if (dataType != DataType.FLOAT32 && dataType != DataType.FLOAT64) {
      throw ThalwegException.usage("Engines compute in float32 or float64, got %s.", dataType);
    }
    if (device < 0) {
      throw ThalwegException.usage("--devices counts from 0, got %d.", device);
    }
  }

  /** Single precision on {@code threads} workers. */
  public static EngineOptions threads(int threads) {
    return new EngineOptions(threads, DataType.FLOAT32);
  }
}
