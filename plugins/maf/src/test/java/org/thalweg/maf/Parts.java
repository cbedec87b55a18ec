package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Engines;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.splines.SplinesPlugin;
import org.thalweg.toolkit.train.ParameterStore;

/** Builds what is tested, with weights that are not those of a fresh one. */
final class Parts {
  static final Engine SINGLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT32));
  static final Engine DOUBLE = Engines.open("cpu", new EngineOptions(1, DataType.FLOAT64));
  static final Registry REGISTRY =
      Registry.builder()
          .add(new MafPlugin(), new PluginOrigin("maf", "0", "test"))
          .add(new SplinesPlugin(), new PluginOrigin("splines", "0", "test"))
          .build();

  private Parts() {}

  static BuildContext build(ParameterStore store, int dimension, int context) {
    return new BuildContext(new Shape(dimension), new Shape(context), store, REGISTRY);
  }

  static TrainableDensity density(ParameterStore store, String name, int dimension, int context) {
    Choice choice = new Choice(name, Map.of("layers", 2, "hidden", 16, "blocks", 1));
    return org.thalweg.toolkit.config.Parts.density(choice, build(store, dimension, context));
  }

  static TrainableTransform transform(
      ParameterStore store, Choice choice, int dimension, int context) {
    return org.thalweg.toolkit.config.Parts.transform(choice, build(store, dimension, context));
  }

  static ParameterStore store(Engine engine, long seed) {
    return new ParameterStore(engine, new Seed(seed));
  }

  /** Moves every trainable number. */
  static void disturb(ParameterStore store, double scale) {
    double[] memory = store.snapshot();
    SplittableRandom random = new SplittableRandom(17);
    for (int i = 0; i < memory.length; i++) {
      memory[i] += scale * random.nextGaussian();
    }
    store.restore(memory);
  }

  static NDArray normal(Tape tape, long seed, long rows, long columns) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[Math.toIntExact(rows * columns)];
    Arrays.setAll(values, i -> random.nextGaussian());
    return tape.constant(values, new Shape(rows, columns));
  }

  static Context context(Tape tape, long rows, int size) {
    return size == 0 ? Context.none() : Context.of(normal(tape, 99, rows, size));
  }

  static double[] values(Tape tape, NDArray array) {
    return tape.engine().hostView(array).toDoubles();
  }
}
