package org.thalweg.api.estimator;

import org.thalweg.api.data.Dataset;

/** Learns a distribution from a table, with fixed options. */
@FunctionalInterface
public interface Estimator {
  /**
   * Fits a model. With the same data, options, engine and thread count the result is the same bits.
   *
   * @param data finite rows in the user's units
   * @throws org.thalweg.api.error.ThalwegException exit code 2 or 3 for data that cannot be
   *     modelled, 5 where training diverges before there is any good model (see {@link
   *     FitEvent.Stop#DIVERGED} for later), 130 where the listener interrupts
   */
  Model fit(Dataset data, FitOptions options, FitListener listener);
}
