package org.thalweg.app.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.console.Progress;

/** Shows a fit's progress, keeps its history, and stops it when the process is to end. */
public final class FitWatch implements FitListener, AutoCloseable {
  private final Console console;
  private final Interruption interruption;
  private final List<FitEvent.Validated> history = new ArrayList<>();
  private Progress progress;
  private double loss = Double.NaN;
  private FitEvent.Finished finished;

  /** Watches on behalf of a console. */
  public FitWatch(Console console, Interruption interruption) {
    this.console = console;
    this.interruption = interruption;
  }

  @Override
  public boolean interrupted() {
    return interruption.requested();
  }

  @Override
  public void on(FitEvent event) {
    if (event instanceof FitEvent.Started started) {
      start(started);
    } else if (event instanceof FitEvent.Stepped stepped) {
      loss = stepped.loss();
      progress().at(stepped.step(), () -> note(stepped.epoch()));
    } else if (event instanceof FitEvent.Validated validated) {
      history.add(validated);
    } else if (event instanceof FitEvent.RolledBack rolledBack) {
      console.warn("step %d: %s.", rolledBack.step(), rolledBack.action());
    } else if (event instanceof FitEvent.Warned warned) {
      console.warn("%s", warned.message());
    } else if (event instanceof FitEvent.Finished end) {
      finished = end;
      close();
      console.info("Stopped after %d steps: %s.", end.steps(), end.reason());
    }
  }

  /** What the validation rows said, in order. */
  public List<FitEvent.Validated> history() {
    return List.copyOf(history);
  }

  /** Why the fit stopped; empty where its estimator does not say. */
  public Optional<FitEvent.Finished> finished() {
    return Optional.ofNullable(finished);
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  private void start(FitEvent.Started started) {
    console.info(
        "Training on %d rows, validating on %d; %d parameters.",
        started.trainRows(), started.validationRows(), started.parameters());
    progress = new Progress(console, "fit", "steps", started.totalSteps());
  }

  private Progress progress() {
    if (progress == null) {
      progress = new Progress(console, "fit", "steps", 0);
    }
    return progress;
  }

  private String note(int epoch) {
    String best =
        history.stream()
            .filter(FitEvent.Validated::best)
            .reduce((first, second) -> second)
            .map(
                v -> String.format(Locale.ROOT, ", best validation %.3f", v.validationLogDensity()))
            .orElse("");
    return String.format(Locale.ROOT, "epoch %d, loss %.3f", epoch + 1, loss) + best;
  }
}
