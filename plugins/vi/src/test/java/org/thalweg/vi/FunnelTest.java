package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.train.ParameterStore;

class FunnelTest {
  private static final int D = 3;

  /** Each divides by what it is given, and single precision ends at 1e38. */
  @Test
  void tenInARowStayFiniteFarFromTheData() {
    ParameterStore store = new ParameterStore(Vi.SINGLE, new Seed(1));
    Funnel funnel = new Funnel(store, 2, FunnelConfig.Roots.LAST);
    write(store, "group-scale.weights", new double[] {0, 0, -1, 0});
    write(store, "group-place.weights", new double[] {0, 0, 2, 0});
    double[] far = {1e6, 100, -1e6, 100, 6, -6, 3, 1e6};
    try (Tape tape = Vi.SINGLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform = funnel.bind(Binding.evaluate(tape)).given(Context.none());
      NDArray x = tape.constant(far, new Shape(4, 2));
      for (int k = 0; k < 10; k++) {
        Mapped mapped = transform.forward(x);
        // Turned round, so that each number scales the other in the end.
        x = mapped.value().flip(1);
        for (double value : Vi.SINGLE.hostView(x).toDoubles()) {
          assertTrue(Double.isFinite(value), "value " + value + " after " + (k + 1));
        }
        for (double value : Vi.SINGLE.hostView(mapped.logAbsDet()).toDoubles()) {
          assertTrue(Double.isFinite(value), "log-determinant " + value + " after " + (k + 1));
        }
      }
    }
  }

  /**
   * theta ~ N(mu, tau), y ~ N(theta, sigma): theta given mu, tau and y, by precisions. The numbers
   * are theta, mu, log tau, or the other way round where roots are first.
   */
  @ParameterizedTest
  @EnumSource(FunnelConfig.Roots.class)
  void holdsThePosteriorOfNormalHierarchy(FunnelConfig.Roots roots) {
    boolean first = roots == FunnelConfig.Roots.FIRST;
    double y = 1.3;
    double sigma = 0.9;
    ParameterStore store = new ParameterStore(Vi.DOUBLE, new Seed(1));
    Funnel funnel = new Funnel(store, D, roots);
    // log tau is the log scale of theta, and half of it that of mu, which is theta's place. What
    // points the other way is masked.
    double[] scale = {0, 0, 9, 0, 0, 0, 1, 0.5, 0};
    double[] place = {0, 7, 0, 1, 0, 0, 0, 0, 0};
    write(store, "group-scale.weights", first ? reversed(scale, 9) : scale);
    write(store, "group-place.weights", first ? reversed(place, 9) : place);
    double[] logScale = {Math.log(sigma), 1000, 1000};
    double[] location = {y, 0, 0};
    write(store, "measurement-scale.constant", first ? reversed(logScale, D) : logScale);
    write(store, "measurement-place.constant", first ? reversed(location, D) : location);
    double[] w = {0.7, 2.5, 1.5, -1.2, -0.4, -7, 0, 1, 0};
    double[] expected = w.clone();
    double[] logs = new double[3];
    for (int n = 0; n < 3; n++) {
      double tau = Math.exp(w[n * D + 2]);
      double mu = w[n * D + 1] * Math.sqrt(tau);
      expected[n * D + 1] = mu;
      double precision = 1 / (tau * tau) + 1 / (sigma * sigma);
      double mean = (mu / (tau * tau) + y / (sigma * sigma)) / precision;
      expected[n * D] = mean + w[n * D] / Math.sqrt(precision);
      logs[n] = -Math.log(precision) / 2 + Math.log(tau) / 2;
    }
    double[] given = first ? reversed(w, D) : w;
    try (Tape tape = Vi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform = funnel.bind(Binding.evaluate(tape)).given(Context.none());
      NDArray noise = tape.constant(given, new Shape(3, D));
      Mapped data = transform.inverse(noise);
      assertArrayEquals(
          first ? reversed(expected, D) : expected,
          Vi.DOUBLE.hostView(data.value()).toDoubles(),
          1e-9);
      assertArrayEquals(logs, Vi.DOUBLE.hostView(data.logAbsDet()).toDoubles(), 1e-9);
      Mapped back = transform.forward(data.value());
      assertArrayEquals(given, Vi.DOUBLE.hostView(back.value()).toDoubles(), 1e-9);
      double[] minus = Arrays.stream(logs).map(log -> -log).toArray();
      assertArrayEquals(minus, Vi.DOUBLE.hostView(back.logAbsDet()).toDoubles(), 1e-9);
    }
  }

  /** Each part of so many numbers the other way round. */
  private static double[] reversed(double[] values, int part) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i / part * part + part - 1 - i % part];
    }
    return out;
  }

  private static void write(ParameterStore store, String name, double... values) {
    store.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow()
        .write(values);
  }
}
