package org.thalweg.deconvolution;

import org.thalweg.api.config.Option;

/** What is known of the measurement errors besides a table's noise columns. */
public record ErrorsConfig(
    @Option(
            "standard deviation of the errors of every row, in the columns' units: one number, or"
                + " one a column between commas; for tables without noise columns")
        String noiseSd,
    @Option(
            "covariance of the errors of every row: its rows between semicolons, their numbers"
                + " between commas, such as 0.1,0;0,1; for tables without noise columns")
        String noiseCovariance,
    @Option("what to do with a row whose covariance of errors is not positive definite")
        Repair repair) {
  /** Errors are what the table's columns say. */
  static final ErrorsConfig FROM_COLUMNS = new ErrorsConfig("", "", Repair.REFUSE);
}
