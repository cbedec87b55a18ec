package org.thalweg.bench.gpu;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.SplittableRandom;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** The rational-quadratic spline forward and back, as a script and as tensor operations. */
final class SplineForms {
  static final int PAIRS = 40;

  private final Engine engine;
  private final Univariate spline;
  private final int rows;
  private final int columns;
  private final double[] values;
  private final double[] parameters;

  SplineForms(Engine engine, Registry registry, int rows, int columns) {
    this.engine = engine;
    this.spline = spline(registry.univariate("rational-quadratic"));
    this.rows = rows;
    this.columns = columns;
    SplittableRandom random = new SplittableRandom(3);
    values = random.doubles((long) rows * columns, -4, 4).toArray();
    parameters = random.doubles((long) rows * columns * spline.parameterCount(), -1, 1).toArray();
  }

  private static <C extends Record> Univariate spline(UnivariateProvider<C> provider) {
    return provider.create(provider.defaults());
  }

  /** How a tape applies scripts. */
  enum Form {
    SCRIPT,
    COMPOSED
  }

  /** One evaluation and its gradient, on the thread of the caller; waits for the end. */
  void run(Form form) {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray x = tape.variable(tape.constant(values, new Shape(rows, columns)));
      NDArray p =
          tape.variable(
              tape.constant(parameters, new Shape(rows, columns, spline.parameterCount())));
      Tape used = form == Form.SCRIPT ? tape : composing(tape);
      Elementwise mapped = spline.forward(used, x, p);
      tape.backward(mapped.value().square().sum().add(mapped.logDerivative().sum()));
      engine.hostView(tape.gradient(p).sum());
    }
  }

  /** Milliseconds: medians and half the distances of the quartiles, of both in turn. */
  double[][] times() {
    double[][] times = new double[2][PAIRS];
    for (int i = -5; i < PAIRS; i++) {
      for (Form form : Form.values()) {
        long start = System.nanoTime();
        run(form);
        if (i >= 0) {
          times[form.ordinal()][i] = (System.nanoTime() - start) * 1e-6;
        }
      }
    }
    return new double[][] {Work.summary(times[0]), Work.summary(times[1])};
  }

  private static Tape composing(Tape tape) {
    Object made =
        Proxy.newProxyInstance(
            Tape.class.getClassLoader(),
            new Class<?>[] {Tape.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("apply")
                  && arguments[0] instanceof ScriptedOperation operation) {
                return operation.composed(tape, new NDList((NDArray[]) arguments[1]));
              }
              try {
                return method.invoke(tape, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return (Tape) made;
  }
}
