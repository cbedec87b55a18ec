package org.thalweg.api.estimator;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.data.Schema;

/**
 * What a model is and where it comes from.
 *
 * @param estimator the name of the estimator that made it
 * @param config the options it was made with
 * @param schema the columns, in order
 * @param seed the origin of all randomness in training
 * @param engine what it was trained on, and why that engine
 * @param metrics figures of the fit, by the names of the command's contract, such as {@code
 *     validation_log_density}
 */
public record ModelCard(
    String estimator,
    Record config,
    Schema schema,
    long seed,
    String engine,
    SortedMap<String, Double> metrics) {
  /** Copies the metrics. */
  public ModelCard {
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
  }

  /** The same with one more figure. */
  public ModelCard withMetric(String name, double value) {
    Map<String, Double> more = new TreeMap<>(metrics);
    more.put(name, value);
    return new ModelCard(estimator, config, schema, seed, engine, new TreeMap<>(more));
  }
}
