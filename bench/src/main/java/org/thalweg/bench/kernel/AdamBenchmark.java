package org.thalweg.bench.kernel;

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
import org.thalweg.api.engine.Storage;
import org.thalweg.toolkit.train.Adam;

/** One step of the optimiser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class AdamBenchmark {
  /** Weights; about as many as the flows of the comparison have with 6 and with 43 columns. */
  @Param({"130000", "440000"})
  public int size;

  private Kernel kernel;
  private Storage memory;
  private Adam adam;
  private double[] gradient;

  /** Opens the engine. */
  @Setup
  public void open() {
    kernel = new Kernel();
    memory = kernel.engine.newStorage(size);
    adam = new Adam(memory.dataType(), size, 0);
    gradient = Kernel.normal(size, 1);
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    kernel.close();
  }

  /** Writes every weight once. */
  @Benchmark
  public void step() {
    adam.step(memory, gradient, 1e-9);
  }
}
