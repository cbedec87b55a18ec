package org.thalweg.api.estimator;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/**
 * What was learnt. Numbers cross this boundary as Java arrays in the user's units. Thread-safe
 * unless its estimator says otherwise.
 */
public interface Model extends AutoCloseable {
  /** What it is and where it comes from. */
  ModelCard card();

  /** The columns it was fitted on, in order. */
  default Schema schema() {
    return card().schema();
  }

  /** Writes all that {@link EstimatorProvider#load} needs besides the card. */
  void save(ModelWriter writer);

  /**
   * Looks at rows before they are used: which the model can take, and what the user should know,
   * such as contexts outside the range that was trained on. What is not usable must not be passed
   * to any capability.
   */
  default Screening screen(Rows rows) {
    return Screening.finite(rows);
  }

  /**
   * This model as something it can do.
   *
   * @throws ThalwegException where it cannot, naming what it does offer
   */
  default <T> T as(Class<T> capability) {
    if (capability.isInstance(this)) {
      return capability.cast(this);
    }
    String offered =
        Arrays.stream(Capability.values())
            .filter(c -> c.type().isInstance(this))
            .map(Capability::label)
            .collect(Collectors.joining(", "));
    String asked =
        Arrays.stream(Capability.values())
            .filter(c -> c.type() == capability)
            .map(Capability::label)
            .findFirst()
            .orElse(capability.getSimpleName());
    throw ThalwegException.usage(
        "A model of estimator '%s' does not offer %s. It offers: %s.",
        card().estimator(), asked, offered);
  }

  /** Releases the model's memory. */
  @Override
  void close();
}
