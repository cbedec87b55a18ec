package org.thalweg.bench.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.config.Choice;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.transform.Univariate;
import org.thalweg.bench.Installed;
import org.thalweg.toolkit.config.Parts;

/** An engine on one thread, and numbers to compute with. */
final class Kernel implements AutoCloseable {
  final Engine engine = Engines.open("cpu", EngineOptions.threads(1));
  final Registry registry = Installed.registry();

  Univariate univariate(String name) {
    return Parts.univariate(registry, new Choice(name, Map.of()));
  }

  /** Standard normal numbers, the same for the same seed. */
  static double[] normal(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[count];
    Arrays.setAll(out, i -> random.nextGaussian());
    return out;
  }

  static NDArray constant(Tape tape, double[] values, long... shape) {
    return tape.constant(values, new Shape(shape));
  }

  @Override
  public void close() {
    engine.close();
  }
}
