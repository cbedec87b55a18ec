package org.thalweg.toolkit.train;

import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.HostNumbers;

/** Moments in double precision. */
final class DoubleMoments implements Moments {
  private final double[] first;
  private final double[] second;

  DoubleMoments(int size) {
    first = new double[size];
    second = new double[size];
  }

  @Override
  public void step(
      HostArray weights, double[] gradient, double rate, double correction, double keep) {
    HostNumbers numbers = weights.numbers();
    double[] some = new double[BLOCK];
    for (int from = 0; from < gradient.length; from += BLOCK) {
      int count = Math.min(BLOCK, gradient.length - from);
      numbers.read(from, some, count);
      for (int i = 0; i < count; i++) {
        double g = gradient[from + i];
        double m = BETA1 * first[from + i] + (1 - BETA1) * g;
        double v = BETA2 * second[from + i] + (1 - BETA2) * g * g;
        first[from + i] = m;
        second[from + i] = v;
        some[i] = keep * some[i] - rate * m / (Math.sqrt(v) * correction + EPSILON);
      }
      numbers.write(from, some, count);
    }
  }

  @Override
  public double[] first() {
    return first.clone();
  }

  @Override
  public double[] second() {
    return second.clone();
  }

  @Override
  public void set(double[] newFirst, double[] newSecond) {
    System.arraycopy(newFirst, 0, first, 0, first.length);
    System.arraycopy(newSecond, 0, second, 0, second.length);
  }
}
