package org.thalweg.toolkit.train;

import org.thalweg.api.data.Dataset;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.toolkit.data.Standardiser;

/**
 * What the training of a density does to the table before, and to the figures after; the usual
 * unless overridden.
 *
 * @param <C> the density's options
 */
public interface Preparation<C extends Record> {
  /**
   * The table as the density takes it, see {@link
   * org.thalweg.api.estimator.EstimatorProvider#declare}.
   *
   * @throws ThalwegException where the table does not suit the options
   */
  default Dataset declare(C config, Dataset data) {
    return data;
  }

  /** The map between the training rows, as declared, and what the density is over. */
  default Standardiser standardise(C config, Dataset train) {
    return Standardiser.fit(train);
  }

  /** The card of a judged model, to which figures may be added. */
  default ModelCard judged(C config, ModelCard card) {
    return card;
  }
}
