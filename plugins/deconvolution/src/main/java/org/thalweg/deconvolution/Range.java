package org.thalweg.deconvolution;

/**
 * Where the rows of a table are, column by column, standardised.
 *
 * @param least {@code [D]}
 * @param greatest {@code [D]}
 */
record Range(double[] least, double[] greatest) {
  /** The range of some rows, row-major. */
  static Range of(double[] rows, int dimension) {
    double[] least = new double[dimension];
    double[] greatest = new double[dimension];
    for (int i = 0; i < rows.length; i++) {
      int column = i % dimension;
      boolean first = i < dimension;
      least[column] = first ? rows[i] : Math.min(least[column], rows[i]);
      greatest[column] = first ? rows[i] : Math.max(greatest[column], rows[i]);
    }
    return new Range(least, greatest);
  }

  /** Whether row i of some, row-major, is inside; one that is not a number is not. */
  boolean contains(double[] rows, int i) {
    int dimension = least.length;
    for (int a = 0; a < dimension; a++) {
      double value = rows[i * dimension + a];
      if (!(value >= least[a] && value <= greatest[a])) {
        return false;
      }
    }
    return true;
  }
}
