package org.thalweg.toolkit.train;

import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;

/** Whether a fit may go on from a checkpoint. */
public final class CheckpointMatch {
  private CheckpointMatch() {}

  /**
   * Refuses a checkpoint that was made under other circumstances: going on would give neither the
   * old fit nor a new one.
   *
   * @param reader the checkpoint, whose values include {@code threads}
   * @param card the card of the fit that is to go on, as {@link FitTable#card} makes it
   * @param threads its number of threads
   * @throws ThalwegException exit code 2
   */
  public static void require(ModelReader reader, ModelCard card, int threads) {
    refuse("estimator", reader.card().estimator(), card.estimator());
    refuse("options", reader.card().config(), card.config());
    refuse("seed", reader.card().seed(), card.seed());
    refuse("columns", reader.card().schema(), card.schema());
    refuse("engine", reader.card().engine(), card.engine());
    refuse("data", reader.card().metrics(), card.metrics());
    refuse("threads", ((Number) reader.values().get("threads")).intValue(), threads);
  }

  /**
   * Refuses a checkpoint of a fit whose batches were divided over another number of devices.
   *
   * @param reader the checkpoint, whose values may include {@code shares}
   * @param shares those of the fit that is to go on
   * @throws ThalwegException exit code 2
   */
  public static void requireShares(ModelReader reader, int shares) {
    if (reader.values().get("shares") instanceof Number then) {
      refuse("devices", then.intValue(), shares);
    }
  }

  private static void refuse(String what, Object then, Object now) {
    if (!then.equals(now)) {
      // Records are not for a user's eyes; a name or a number is.
      String values =
          then instanceof String || then instanceof Number
              ? ": %s then, %s now".formatted(then, now)
              : "";
      throw ThalwegException.usage(
          "The checkpoint was made with other %s%s. Use the same, or start afresh without "
              + "--resume.",
          what, values);
    }
  }
}
