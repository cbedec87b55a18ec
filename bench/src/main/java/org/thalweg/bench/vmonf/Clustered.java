package org.thalweg.bench.vmonf;

import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.bench.Mnist;

/**
 * Rows with the classes that they are of.
 *
 * @param rows {@code [N, D]}
 * @param classes N, counted from 0
 */
record Clustered(Matrix rows, int[] classes) {
  /** Wings of a pinwheel (Johnson and others, 2016): bent and turned Gaussians. */
  static Clustered pinwheel(int wings, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[2 * rows];
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      classes[i] = i % wings;
      double along = 1 + 0.3 * random.nextGaussian();
      double across = 0.1 * random.nextGaussian();
      double angle = 2 * Math.PI * classes[i] / wings + 0.25 * Math.exp(along);
      out[2 * i] = along * Math.cos(angle) - across * Math.sin(angle);
      out[2 * i + 1] = along * Math.sin(angle) + across * Math.cos(angle);
    }
    return new Clustered(new Matrix(rows, 2, out), classes);
  }

  /** Two circles about one centre, of radius 1 and 0.5, with noise of 0.05 in both columns. */
  static Clustered circles(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] out = new double[2 * rows];
    int[] classes = new int[rows];
    for (int i = 0; i < rows; i++) {
      classes[i] = i % 2;
      double radius = classes[i] == 0 ? 1 : 0.5;
      double angle = 2 * Math.PI * random.nextDouble();
      out[2 * i] = radius * Math.cos(angle) + 0.05 * random.nextGaussian();
      out[2 * i + 1] = radius * Math.sin(angle) + 0.05 * random.nextGaussian();
    }
    return new Clustered(new Matrix(rows, 2, out), classes);
  }

  /** The digits 0 to 4 of MNIST's training or test part. */
  static Clustered digits(Mnist.Part part) {
    Mnist images = Mnist.read(part).digits(digit -> digit < 5);
    return new Clustered(images.pixels(), images.labels());
  }
}
