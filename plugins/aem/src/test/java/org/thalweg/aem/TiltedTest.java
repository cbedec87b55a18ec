package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Workers;

/** An energy on top of its proposal. */
class TiltedTest {
  private static final Dataset DATA = Machines.parabola(60);

  private final ParameterStore store = Machines.store(Machines.DOUBLE);
  private final AemNets nets =
      Machines.nets(Machines.config("tilted", true, "defensive", 0.1), 2, 0, store);
  private final AemScoring scoring = new AemScoring(Machines.DOUBLE, nets, Standardiser.fit(DATA));

  private void flatten() {
    double[] memory = store.snapshot();
    Parameter last =
        store.parameters().stream()
            .filter(p -> p.name().equals("energy.last.weight"))
            .findFirst()
            .orElseThrow();
    int from = Math.toIntExact(last.offset());
    Arrays.fill(memory, from, from + Math.toIntExact(last.shape().size()), 0);
    store.restore(memory);
  }

  /** A net that says the same everywhere is the proposal: to the integral's tolerance. */
  @Test
  void aFlatEnergyIsTheProposal() {
    flatten();
    try (Workers workers = new Workers(1)) {
      Rows rows = DATA.rows();
      double[] proposal = scoring.proposal(rows, workers);
      assertArrayEquals(proposal, scoring.exact(rows, 1e-9, workers), 1e-8);
    }
  }

  /** Undefended, all weights are equal then: no variance, for any S. */
  @Test
  void undefendedThereIsNoVariance() {
    ParameterStore other = Machines.store(Machines.DOUBLE);
    AemNets plain = AemNets.build(Machines.config("tilted", true), 2, 0, other);
    AemScoring of = new AemScoring(Machines.DOUBLE, plain, Standardiser.fit(DATA));
    double[] memory = other.snapshot();
    for (Parameter p : plain.ofEnergy()) {
      int from = Math.toIntExact(p.offset());
      Arrays.fill(memory, from, from + Math.toIntExact(p.shape().size()), 0);
    }
    other.restore(memory);
    try (Workers workers = new Workers(1)) {
      var estimates = of.estimate(DATA.rows(), 2, new Seed(1), workers);
      assertArrayEquals(estimates.proposal(), estimates.values(), 1e-9);
      assertArrayEquals(new double[DATA.size()], estimates.standardErrors(), 1e-6);
    }
  }

  /** With an energy that is not flat, samples and numerical integration still agree. */
  @Test
  void theEstimateIsTheExactDensity() {
    try (Workers workers = new Workers(1)) {
      Rows rows = DATA.rows();
      double[] exact = scoring.exact(rows, 1e-8, workers);
      var estimates = scoring.estimate(rows, 20_000, new Seed(1), workers);
      assertNotEquals(estimates.proposal()[0], exact[0], 1e-3);
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        double z = (estimates.values()[i] - exact[i]) / estimates.standardErrors()[i];
        sum += z * z / exact.length;
      }
      assertEquals(1, Math.sqrt(sum), 0.45);
    }
  }

  /** Three Gaussians a column cannot have the board's edges; what the energy adds is seen. */
  @Test
  void aFitPassesItsProposal() {
    try (AemModel model =
        Machines.fit(
            Machines.config("tilted", true, "epochs", 40), Machines.board(3000), Machines.SINGLE)) {
      Rows fresh = Machines.board(5000).rows().slice(3000, 5000);
      double[] exact = model.logDensity(model.density("exact"), fresh, new Seed(1)).values();
      double[] proposal = model.logDensity(model.density("proposal"), fresh, new Seed(1)).values();
      double[] gain = new double[exact.length];
      Arrays.setAll(gain, i -> exact[i] - proposal[i]);
      double mean = Machines.mean(gain);
      double squares = Arrays.stream(gain).map(g -> (g - mean) * (g - mean)).sum();
      double error = Math.sqrt(squares / (gain.length - 1) / gain.length);
      assertTrue(mean > 4 * error, "gain " + mean + " ± " + error);
      assertTrue(Machines.mean(exact) < -Math.log(8), "better than the truth");
    }
  }
}
