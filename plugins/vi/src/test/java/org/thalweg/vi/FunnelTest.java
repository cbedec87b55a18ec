package org.thalweg.vi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.api.transform.Transform;
import org.thalweg.toolkit.train.ParameterStore;

class FunnelTest {
  private static final int D = 3;

  /** theta ~ N(mu, tau), y ~ N(theta, sigma): theta given mu, tau and y, by precisions. */
  @Test
  void holdsThePosteriorOfNormalHierarchy() {
    double y = 1.3;
    double sigma = 0.9;
    ParameterStore store = new ParameterStore(Vi.DOUBLE, new Seed(1));
    Funnel funnel = new Funnel(store, D, FunnelConfig.Roots.LAST);
    // The third number, log tau, is the log scale of the first, theta, and half of it that of the
    // second, mu, which is theta's place.
    write(store, "group-scale.weights", 0, 0, 0, 0, 0, 0, 1, 0.5, 0);
    write(store, "group-place.weights", 0, 0, 0, 1, 0, 0, 0, 0, 0);
    write(store, "measurement-scale.constant", Math.log(sigma), 1000, 1000);
    write(store, "measurement-place.constant", y, 0, 0);
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
    try (Tape tape = Vi.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      Transform transform = funnel.bind(Binding.evaluate(tape)).given(Context.none());
      NDArray noise = tape.constant(w, new Shape(3, D));
      Mapped data = transform.inverse(noise);
      assertArrayEquals(expected, Vi.DOUBLE.hostView(data.value()).toDoubles(), 1e-9);
      assertArrayEquals(logs, Vi.DOUBLE.hostView(data.logAbsDet()).toDoubles(), 1e-9);
      assertArrayEquals(
          w, Vi.DOUBLE.hostView(transform.forward(data.value()).value()).toDoubles(), 1e-9);
    }
  }

  private static void write(ParameterStore store, String name, double... values) {
    store.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow()
        .write(values);
  }
}
