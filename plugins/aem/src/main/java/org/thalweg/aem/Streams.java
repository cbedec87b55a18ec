package org.thalweg.aem;

import org.thalweg.api.random.Seed;

/**
 * The seeds of conditionals. They depend on numbers, not on a row's place in a table, so that a row
 * scores the same alone and in company.
 */
final class Streams {
  private Streams() {}

  /** Of each column's conditional of a row; a function of the whole row. */
  static Seed[] ofRow(Seed seed, double[] features, double[] contexts, int row, int d) {
    Seed own = hash(hash(seed, contexts, row, contexts(contexts, features, d)), features, row, d);
    Seed[] out = new Seed[d];
    for (int j = 0; j < d; j++) {
      out[j] = own.child(j);
    }
    return out;
  }

  /** The same, a function of the columns before alone: a conditional has one set of draws. */
  static Seed[] ofPrefix(Seed seed, double[] features, double[] contexts, int row, int d) {
    Seed own = hash(seed, contexts, row, contexts(contexts, features, d));
    Seed[] out = new Seed[d];
    for (int j = 0; j < d; j++) {
      out[j] = own.child(j);
      own = own.child(Double.doubleToLongBits(features[row * d + j]));
    }
    return out;
  }

  private static int contexts(double[] contexts, double[] features, int d) {
    return features.length == 0 ? 0 : contexts.length / (features.length / d);
  }

  private static Seed hash(Seed seed, double[] values, int row, int width) {
    Seed out = seed;
    for (int j = 0; j < width; j++) {
      out = out.child(Double.doubleToLongBits(values[row * width + j]));
    }
    return out;
  }
}
