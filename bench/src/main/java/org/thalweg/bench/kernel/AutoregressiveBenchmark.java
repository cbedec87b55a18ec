package org.thalweg.bench.kernel;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.train.ParameterStore;

/** One autoregressive transform with its net, both ways: the inverse is what sampling costs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class AutoregressiveBenchmark {
  /** What each column is transformed by. */
  @Param({"rational-quadratic", "affine"})
  public String family;

  /** D. */
  @Param({"6", "43"})
  public int columns;

  /** N. */
  @Param("512")
  public int batch;

  private Kernel kernel;
  private TrainableTransform transform;
  private double[] values;

  /** Opens the engine. */
  @Setup
  public void open() {
    kernel = new Kernel();
    ParameterStore store = new ParameterStore(kernel.engine, new Seed(1));
    transform =
        Parts.transform(
            new Choice("autoregressive", Map.of("univariate", family)),
            new BuildContext(new Shape(columns), new Shape(0), store, kernel.registry));
    values = Kernel.normal(batch * columns, 1);
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    kernel.close();
  }

  /** Data to noise. */
  @Benchmark
  public float forward() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.EVALUATE)) {
      return first(bound(tape).forward(Kernel.constant(tape, values, batch, columns)));
    }
  }

  /** Noise to data. */
  @Benchmark
  public float inverse() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.EVALUATE)) {
      return first(bound(tape).inverse(Kernel.constant(tape, values, batch, columns)));
    }
  }

  private Transform bound(Tape tape) {
    return transform.bind(Binding.evaluate(tape)).given(Context.none());
  }

  private static float first(Mapped mapped) {
    return mapped.value().getFloat(0, 0) + mapped.logAbsDet().getFloat(0);
  }
}
