package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalInt;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.app.console.Console;
import org.thalweg.app.fit.FitRequest;
import org.thalweg.app.fit.Fitting;
import org.thalweg.app.table.Columns;

/** Fits what the arguments ask for. */
public final class FitAction implements Action<FitCommand> {
  private final Fitting fitting;
  private final Console console;

  @Inject
  FitAction(Fitting fitting, Console console) {
    this.fitting = fitting;
    this.console = console;
  }

  @Override
  public ExitCode run(FitCommand arguments) {
    Fitting.Fitted fitted = fitting.fit(request(arguments));
    console.result(fitted.values(), FitText.of(fitted.values()));
    if (fitted.diverged()) {
      throw new ThalwegException(
          ExitCode.DIVERGED,
          "Training diverged. The last good model is kept as '"
              + fitted.file()
              + "'. Try a smaller learning-rate, and look for extreme values in the data.");
    }
    return ExitCode.OK;
  }

  private static FitRequest request(FitCommand arguments) {
    Columns columns = arguments.columns.columns();
    if (arguments.maxRows != null && arguments.maxRows < 1) {
      throw ThalwegException.usage("--max-rows must be at least 1, got %d.", arguments.maxRows);
    }
    return new FitRequest(
        arguments.estimator,
        ConfigOptions.read(Optional.ofNullable(arguments.config), arguments.set),
        arguments.table.query(),
        columns,
        arguments.dequantise,
        Words.split(arguments.split, arguments.inOrder ? Split.Order.AS_GIVEN : Split.Order.RANDOM),
        arguments.maxRows == null ? OptionalInt.empty() : OptionalInt.of(arguments.maxRows),
        Optional.ofNullable(arguments.timeLimit).map(Words::duration),
        arguments.out,
        arguments.resume,
        Optional.ofNullable(arguments.pictures));
  }
}
