package org.thalweg.api.estimator;

import org.thalweg.api.error.ThalwegException;

/**
 * The fractions of a table's rows that training, validation and test take; they sum to 1.
 *
 * @param train what the parameters are fitted on, above 0
 * @param validation what early stopping looks at
 * @param test what is never looked at in training
 * @param order which rows each takes
 */
public record Split(double train, double validation, double test, Order order) {
  /** Which rows a part takes. */
  public enum Order {
    /** Random ones; rows that are the same stay together. */
    RANDOM,
    /** The first for training, those that follow for validation, the last for test. */
    AS_GIVEN
  }

  /** 80 % training, 10 % validation, 10 % test. */
  public static final Split DEFAULT = new Split(0.8, 0.1, 0.1);

  /** Refuses negative fractions, no training rows, and a sum that is not 1. */
  public Split {
    boolean valid = train > 0 && validation >= 0 && test >= 0;
    if (!valid || !(Math.abs(train + validation + test - 1) < 1e-9)) {
      throw ThalwegException.usage(
          "A split is three fractions TRAIN,VALIDATION,TEST of 0 or more with TRAIN > 0 and a sum "
              + "of 1, got %s,%s,%s.",
          train, validation, test);
    }
  }

  /** Random rows. */
  public Split(double train, double validation, double test) {
    this(train, validation, test, Order.RANDOM);
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    String fractions = train + "," + validation + "," + test;
    return order == Order.RANDOM ? fractions : fractions + " in order";
  }
}
