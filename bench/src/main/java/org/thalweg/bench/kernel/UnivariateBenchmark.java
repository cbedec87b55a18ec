package org.thalweg.bench.kernel;

import ai.djl.ndarray.NDArray;
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
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;

/**
 * A univariate family over a batch: numbers alone, and with the vector-Jacobian product for values
 * and parameters. The tape and the copies of the arguments onto it are part of the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class UnivariateBenchmark {
  /** The name of the family. */
  @Param({"rational-quadratic", "affine"})
  public String family;

  /** D. */
  @Param({"6", "43"})
  public int columns;

  /** N. */
  @Param("512")
  public int batch;

  private Kernel kernel;
  private Univariate univariate;
  private double[] values;
  private double[] parameters;

  /** Opens the engine. */
  @Setup
  public void open() {
    kernel = new Kernel();
    univariate = kernel.univariate(family);
    values = Kernel.normal(batch * columns, 1);
    parameters = Kernel.normal(batch * columns * univariate.parameterCount(), 2);
  }

  /** Closes the engine. */
  @TearDown
  public void close() {
    kernel.close();
  }

  /** Copies the arguments to a tape and nothing else: what to subtract. */
  @Benchmark
  public float arguments() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray x = values(tape);
      NDArray p = parameters(tape);
      return x.getFloat(0, 0) + p.getFloat(0, 0, 0);
    }
  }

  /** Data to noise. */
  @Benchmark
  public float forward() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.EVALUATE)) {
      Elementwise mapped = univariate.forward(tape, values(tape), parameters(tape));
      return mapped.value().getFloat(0, 0) + mapped.logDerivative().getFloat(0, 0);
    }
  }

  /** Noise to data. */
  @Benchmark
  public float inverse() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.EVALUATE)) {
      Elementwise mapped = univariate.inverse(tape, values(tape), parameters(tape));
      return mapped.value().getFloat(0, 0) + mapped.logDerivative().getFloat(0, 0);
    }
  }

  /** Data to noise, and the gradient of a sum over both outputs. */
  @Benchmark
  public float forwardAndVjp() {
    try (Tape tape = kernel.engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(values(tape));
      NDArray p = tape.variable(parameters(tape));
      Elementwise mapped = univariate.forward(tape, x, p);
      tape.backward(mapped.value().square().mul(-0.5).add(mapped.logDerivative()).sum());
      return tape.gradient(x).getFloat(0, 0) + tape.gradient(p).getFloat(0, 0, 0);
    }
  }

  private NDArray values(Tape tape) {
    return Kernel.constant(tape, values, batch, columns);
  }

  private NDArray parameters(Tape tape) {
    return Kernel.constant(tape, parameters, batch, columns, univariate.parameterCount());
  }
}
