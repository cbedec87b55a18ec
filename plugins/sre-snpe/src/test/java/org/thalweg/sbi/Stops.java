package org.thalweg.sbi;

import java.util.function.Predicate;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;

/** Interrupts an inference when something has happened. */
final class Stops implements InferenceListener {
  private final Predicate<InferenceEvent> when;
  private boolean stopped;

  Stops(Predicate<InferenceEvent> when) {
    this.when = when;
  }

  @Override
  public void on(InferenceEvent event) {
    stopped |= when.test(event);
  }

  @Override
  public boolean interrupted() {
    return stopped;
  }
}
