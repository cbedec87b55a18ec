package org.thalweg.toolkit.train;

import java.nio.FloatBuffer;
import org.thalweg.api.engine.HostArray;

/**
 * Moments in single precision, as other libraries keep them: a quarter of the time of double
 * precision. Short loops over arrays and nothing else are what the JIT compiler turns into vector
 * code.
 */
final class SingleMoments implements Moments {
  private static final float KEEP1 = (float) BETA1;
  private static final float TAKE1 = (float) (1 - BETA1);
  private static final float KEEP2 = (float) BETA2;
  private static final float TAKE2 = (float) (1 - BETA2);

  private final float[] first;
  private final float[] second;

  SingleMoments(int size) {
    first = new float[size];
    second = new float[size];
  }

  @Override
  public void step(
      HostArray weights, double[] gradient, double rate, double correction, double keep) {
    FloatBuffer numbers = weights.floats();
    float[] w = new float[BLOCK];
    float[] g = new float[BLOCK];
    float[] m = new float[BLOCK];
    float[] v = new float[BLOCK];
    for (int from = 0; from < gradient.length; from += BLOCK) {
      int count = Math.min(BLOCK, gradient.length - from);
      for (int i = 0; i < count; i++) {
        g[i] = (float) gradient[from + i];
      }
      System.arraycopy(first, from, m, 0, count);
      System.arraycopy(second, from, v, 0, count);
      numbers.get(from, w, 0, count);
      average(m, v, g, count);
      move(w, m, v, (float) rate, (float) correction, (float) keep, count);
      System.arraycopy(m, 0, first, from, count);
      System.arraycopy(v, 0, second, from, count);
      numbers.put(from, w, 0, count);
    }
  }

  private static void average(float[] m, float[] v, float[] g, int count) {
    for (int i = 0; i < count; i++) {
      m[i] = KEEP1 * m[i] + TAKE1 * g[i];
    }
    for (int i = 0; i < count; i++) {
      v[i] = KEEP2 * v[i] + TAKE2 * (g[i] * g[i]);
    }
  }

  private static void move(
      float[] w, float[] m, float[] v, float rate, float correction, float keep, int count) {
    float epsilon = (float) EPSILON;
    for (int i = 0; i < count; i++) {
      w[i] = keep * w[i] - rate * m[i] / ((float) Math.sqrt(v[i]) * correction + epsilon);
    }
  }

  @Override
  public double[] first() {
    return widened(first);
  }

  @Override
  public double[] second() {
    return widened(second);
  }

  @Override
  public void set(double[] newFirst, double[] newSecond) {
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) newFirst[i];
      second[i] = (float) newSecond[i];
    }
  }

  private static double[] widened(float[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i];
    }
    return out;
  }
}
