package org.thalweg.diffusion;

import java.util.SplittableRandom;

/** Rows at random times with random noises, which are evaluated together. */
final class NoisyRows {
  private final Velocity velocity;
  private final int d;
  private final int[] rows;
  private final Angle[] angles;
  private final double[] y;
  private final double[] noise;
  private final double[] target;
  private int count;

  /**
   * No rows yet.
   *
   * @param most as many as will be added
   */
  NoisyRows(Velocity velocity, int most) {
    this.velocity = velocity;
    this.d = velocity.dimension();
    rows = new int[most];
    angles = new Angle[most];
    y = new double[most * d];
    noise = new double[most * d];
    target = new double[most * d];
  }

  /**
   * What bounds are made of, for each of the added rows. With r = s score + z:
   *
   * @param residuals |r|^2
   * @param noises |z|^2
   * @param divergences s^2 (2 div score + |score|^2), whose mean is that of |r|^2 - |z|^2; empty
   *     where it was not asked for
   */
  record Terms(double[] residuals, double[] noises, double[] divergences) {}

  /** Adds a row of {@code x [N, D]} with a fresh noise. */
  void add(int row, double[] x, Angle angle, SplittableRandom random) {
    rows[count] = row;
    angles[count] = angle;
    for (int j = 0; j < d; j++) {
      int at = count * d + j;
      double z = random.nextGaussian();
      noise[at] = z;
      y[at] = angle.cos() * x[row * d + j] + angle.sin() * z;
      target[at] = angle.sin() * x[row * d + j] - angle.cos() * z;
    }
    count++;
  }

  /** Without divergences. */
  Terms denoising() {
    return terms(velocity.velocity(rows, angles, y), new double[0]);
  }

  /** With divergences. */
  Terms sliced(Directions directions) {
    Velocity.Change change = velocity.change(rows, angles, y, directions);
    double[] divergences = new double[count];
    for (int i = 0; i < count; i++) {
      double cos = angles[i].cos();
      double sin = angles[i].sin();
      double scores = 0;
      for (int j = i * d; j < (i + 1) * d; j++) {
        double scaled = cos * change.velocity()[j] - sin * y[j];
        scores += scaled * scaled;
      }
      // s^2 div score = sin cos div F - sin^2 d
      divergences[i] = scores + 2 * sin * (cos * change.divergence()[i] - sin * d);
    }
    return terms(change.velocity(), divergences);
  }

  private Terms terms(double[] f, double[] divergences) {
    double[] residuals = new double[count];
    double[] noises = new double[count];
    for (int i = 0; i < count; i++) {
      for (int j = i * d; j < (i + 1) * d; j++) {
        double r = angles[i].cos() * (f[j] - target[j]);
        residuals[i] += r * r;
        noises[i] += noise[j] * noise[j];
      }
    }
    return new Terms(residuals, noises, divergences);
  }
}
