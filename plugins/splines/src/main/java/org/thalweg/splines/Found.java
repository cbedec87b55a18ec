package org.thalweg.splines;

/**
 * What the search of bins found, element by element, so that the backward pass need not search
 * again: two logarithms and a dozen additions an element.
 */
final class Found {
  private static final int NUMBERS = 6;

  /** The bins; the complement of one whose exponentials were clipped. */
  private final short[] bins;

  private final double[] numbers;

  /** Room for so many elements. */
  Found(int elements) {
    bins = new short[elements];
    numbers = new double[NUMBERS * elements];
  }

  /** Keeps where a piece is. */
  void keep(int element, Piece piece) {
    int at = NUMBERS * element;
    bins[element] = (short) (piece.clipped ? ~piece.bin : piece.bin);
    numbers[at] = piece.widths;
    numbers[at + 1] = piece.heights;
    numbers[at + 2] = piece.widthsBefore;
    numbers[at + 3] = piece.heightsBefore;
    numbers[at + 4] = piece.before;
    numbers[at + 5] = piece.after;
  }

  /** Moves a piece to where it was. */
  void recall(int element, Piece piece) {
    int at = NUMBERS * element;
    int bin = bins[element];
    piece.clipped = bin < 0;
    piece.bin = piece.clipped ? ~bin : bin;
    piece.widths = numbers[at];
    piece.heights = numbers[at + 1];
    piece.widthsBefore = numbers[at + 2];
    piece.heightsBefore = numbers[at + 3];
    piece.before = numbers[at + 4];
    piece.after = numbers[at + 5];
  }
}
