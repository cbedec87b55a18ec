package org.thalweg.bench.vi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.data.Matrix;

/**
 * Draws by the names of posteriordb, quantities that its models compute from parameters among them.
 */
final class Derived {
  private static final double JITTER = 1e-10;

  private Derived() {}

  static Map<String, double[]> of(
      String target, List<String> names, Matrix draws, Map<String, Object> data) {
    Map<String, double[]> out = new LinkedHashMap<>();
    for (int j = 0; j < names.size(); j++) {
      String name = names.get(j).replaceAll("_(\\d+)$", "[$1]");
      out.put(name, draws.column(j));
    }
    if (target.equals("eight-schools-noncentered")) {
      schools(out);
    } else if (target.equals("gp-pois-regr")) {
      process(out, (List<?>) data.get("x"));
    }
    return out;
  }

  private static void schools(Map<String, double[]> values) {
    double[] mu = values.get("mu");
    double[] tau = values.get("tau");
    for (int k = 1; k <= 8; k++) {
      double[] own = values.remove("theta_trans[" + k + "]");
      double[] theta = new double[own.length];
      for (int i = 0; i < own.length; i++) {
        theta[i] = mu[i] + tau[i] * own[i];
      }
      values.put("theta[" + k + "]", theta);
    }
  }

  /** f = L f_tilde. */
  private static void process(Map<String, double[]> values, List<?> places) {
    int n = places.size();
    int draws = values.get("rho").length;
    double[][] f = new double[n][draws];
    for (int i = 0; i < draws; i++) {
      double[][] factor = factor(places, values.get("rho")[i], values.get("alpha")[i]);
      for (int row = 0; row < n; row++) {
        for (int k = 0; k <= row; k++) {
          f[row][i] += factor[row][k] * values.get("f_tilde[" + (k + 1) + "]")[i];
        }
      }
    }
    for (int row = 0; row < n; row++) {
      values.remove("f_tilde[" + (row + 1) + "]");
      values.put("f[" + (row + 1) + "]", f[row]);
    }
  }

  private static double[][] factor(List<?> places, double rho, double alpha) {
    int n = places.size();
    double[][] l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double apart =
            ((Number) places.get(i)).doubleValue() - ((Number) places.get(j)).doubleValue();
        double sum =
            alpha * alpha * Math.exp(-0.5 * apart * apart / rho / rho) + (i == j ? JITTER : 0);
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        l[i][j] = i == j ? Math.sqrt(Math.max(sum, JITTER / 2)) : sum / l[j][j];
      }
    }
    return l;
  }
}
