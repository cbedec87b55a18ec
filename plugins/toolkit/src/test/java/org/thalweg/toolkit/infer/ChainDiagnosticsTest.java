package org.thalweg.toolkit.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.error.ThalwegException;

class ChainDiagnosticsTest {
  static Stream<String[]> chainSets() {
    return Golden.rows("chains.csv");
  }

  @ParameterizedTest(name = "{1} {2}, {3} x {4}")
  @MethodSource("chainSets")
  void agreesWithArviz(
      String version,
      String kind,
      double correlation,
      int chains,
      int draws,
      long seed,
      double rHat,
      double bulk,
      double tail) {
    Golden golden = new Golden(seed);
    double[][] x = new double[chains][];
    for (int i = 0; i < chains; i++) {
      x[i] = chain(kind, correlation, i, draws, golden);
    }
    ChainDiagnostics diagnostics = ChainDiagnostics.of(x);
    assertEquals(rHat, diagnostics.rHat(), 1e-9, "ArviZ " + version);
    assertEquals(bulk, diagnostics.bulkEss(), 1e-6 * bulk);
    assertEquals(tail, diagnostics.tailEss(), 1e-6 * tail);
  }

  private static double[] chain(
      String kind, double correlation, int index, int draws, Golden golden) {
    double[] out = new double[draws];
    double state = golden.normal();
    for (int i = 0; i < draws; i++) {
      state = correlation * state + Math.sqrt(1 - correlation * correlation) * golden.normal();
      out[i] =
          switch (kind) {
            case "plain" -> state;
            case "shifted" -> state + 0.2 * index;
            case "scaled" -> state * (1 + 0.5 * index);
            case "cauchy" -> state / (Math.abs(golden.normal()) + 1e-3);
            case "rounded" -> Math.floor(state * 4 + 0.5) / 4;
            default -> throw new IllegalArgumentException(kind);
          };
    }
    return out;
  }

  /** For an autoregressive chain the size is known: N (1 - rho) / (1 + rho). */
  @Test
  void findsTheEffectiveSizeOfAnAutoregressiveChain() {
    SplittableRandom random = new SplittableRandom(8);
    double rho = 0.8;
    double[][] x = new double[4][20_000];
    for (double[] chain : x) {
      double state = random.nextGaussian();
      for (int i = 0; i < chain.length; i++) {
        state = rho * state + Math.sqrt(1 - rho * rho) * random.nextGaussian();
        chain[i] = state;
      }
    }
    double expected = 80_000 * (1 - rho) / (1 + rho);
    ChainDiagnostics diagnostics = ChainDiagnostics.of(x);
    assertEquals(expected, diagnostics.bulkEss(), 0.08 * expected);
    assertEquals(1, diagnostics.rHat(), 0.002);
  }

  @Test
  void aFixedParameterIsNoProblemAndChainsStuckApartAre() {
    double[][] equal = new double[4][100];
    assertEquals(new ChainDiagnostics(1, 400, 400), ChainDiagnostics.of(equal));
    double[][] apart = new double[2][100];
    Arrays.fill(apart[1], 1);
    assertEquals(Double.POSITIVE_INFINITY, ChainDiagnostics.of(apart).rHat());
  }

  @Test
  void whatIsNoSetOfChainsIsRefused() {
    refused("from 4 draws on", new double[2][3]);
    refused("from 4 draws on", new double[0][]);
    refused("equally long", new double[][] {new double[10], new double[11]});
    refused("not finite", new double[][] {{1, 2, Double.NaN, 4}});
  }

  private static void refused(String part, double[][] chains) {
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> ChainDiagnostics.of(chains));
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
  }
}
