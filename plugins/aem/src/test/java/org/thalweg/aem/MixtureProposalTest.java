package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.engine.Tape;

class MixtureProposalTest {
  private static final int DRAWS = 20_000;

  /** Two conditionals of three components: logits, means, raw widths. */
  private static final double[] PARAMETERS = {
    0.3, -1, 2, -1.5, 0.2, 1, 0.1, -2, -1.2, //
    1, 1, -4, 0, 3, -3, -8, 0.5, 0
  };

  private static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }

  /** The density in plain doubles. */
  private static double density(int group, double x, double defensive) {
    int at = 9 * group;
    double total = 0;
    double sum = 0;
    for (int m = 0; m < 3; m++) {
      double weight = Math.exp(PARAMETERS[at + m]);
      double scale = 1e-3 + softplus(PARAMETERS[at + 6 + m]);
      total += weight;
      sum += weight * normal(x, PARAMETERS[at + 3 + m], scale);
    }
    return (1 - defensive) * sum / total + defensive * normal(x, 0, 3);
  }

  private static double normal(double x, double mean, double scale) {
    double z = (x - mean) / scale;
    return Math.exp(-0.5 * z * z) / scale / Math.sqrt(2 * Math.PI);
  }

  private static double[] logs(MixtureProposal proposal, double[] points, boolean sampled) {
    try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.EVALUATE)) {
      var x = tape.constant(points, new Shape(2, points.length / 2));
      var parameters = tape.constant(PARAMETERS, new Shape(2, 9));
      var own = proposal.logDensity(x, parameters);
      var out = sampled ? proposal.logSampled(x, own) : own;
      return tape.engine().hostView(out.add(0)).toDoubles();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void isTheMixture(double defensive) {
    MixtureProposal proposal = new MixtureProposal(3, defensive);
    double[] points = {-3, -1.4, 0, 0.9, 5, -4, -3, 0.0003, 2.5, 20};
    double[] sampled = logs(proposal, points, true);
    double[] own = logs(proposal, points, false);
    for (int i = 0; i < points.length; i++) {
      assertEquals(Math.log(density(i / 5, points[i], defensive)), sampled[i], 1e-9);
      assertEquals(Math.log(density(i / 5, points[i], 0)), own[i], 1e-9);
    }
  }

  @Test
  void isFiniteFarAway() {
    double[] logs = logs(new MixtureProposal(3, 0), new double[] {1e6, -1e6}, false);
    assertTrue(Arrays.stream(logs).allMatch(Double::isFinite), Arrays.toString(logs));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2})
  void drawsWhatItSays(double defensive) {
    MixtureProposal proposal = new MixtureProposal(3, defensive);
    double critical = Math.sqrt(-Math.log(0.001 / 2) / (2.0 * DRAWS));
    for (int group = 0; group < 2; group++) {
      int of = group;
      double[] drawn = new double[DRAWS + 1];
      proposal.draw(PARAMETERS, group, new SplittableRandom(1), drawn, 1, DRAWS);
      double[] sorted = Arrays.copyOfRange(drawn, 1, DRAWS + 1);
      Arrays.sort(sorted);
      double distance = distance(sorted, x -> density(of, x, defensive));
      assertTrue(distance < critical, "Kolmogorov-Smirnov distance " + distance);
      double[] reach = proposal.reach(PARAMETERS, group);
      assertTrue(reach[0] < sorted[0] && sorted[DRAWS - 1] < reach[1]);
    }
  }

  private static double distance(double[] sorted, DoubleUnaryOperator density) {
    double worst = 0;
    double f = 0;
    double x = -40;
    double step = 1e-4;
    for (int i = 0; i < sorted.length; i++) {
      while (x < sorted[i]) {
        f += step * density.applyAsDouble(x + step / 2);
        x += step;
      }
      // A step reaches beyond the number, where a narrow component is far from flat.
      double exact = f - (x - sorted[i]) * density.applyAsDouble((x + sorted[i]) / 2);
      worst = Math.max(worst, Math.abs(exact - (i + 0.5) / sorted.length));
    }
    return worst;
  }
}
