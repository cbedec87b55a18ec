package org.thalweg.app.command;

import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalInt;
import org.thalweg.api.error.ExitCode;
import org.thalweg.app.console.Console;
import org.thalweg.app.infer.InferRequest;
import org.thalweg.app.infer.Inferring;
import org.thalweg.app.infer.ProblemRequest;

/** Infers what the arguments ask for. */
public final class InferAction implements Action<InferCommand> {
  private final Inferring inferring;
  private final Console console;

  @Inject
  InferAction(Inferring inferring, Console console) {
    this.inferring = inferring;
    this.console = console;
  }

  @Override
  public ExitCode run(InferCommand arguments) {
    var values = inferring.infer(request(arguments));
    console.result(values, InferText.of(values));
    return ExitCode.OK;
  }

  private static InferRequest request(InferCommand arguments) {
    ProblemRequest problem =
        new ProblemRequest(
            Optional.ofNullable(arguments.simulator),
            Optional.ofNullable(arguments.observation),
            Optional.ofNullable(arguments.target),
            Optional.ofNullable(arguments.data),
            ConfigOptions.read("--problem-set", Optional.empty(), arguments.problemSet));
    return new InferRequest(
        arguments.method,
        ConfigOptions.read(Optional.ofNullable(arguments.config), arguments.set),
        problem,
        optional(arguments.rounds),
        optional(arguments.simulations),
        arguments.draws,
        Optional.ofNullable(arguments.timeLimit).map(Words::duration),
        arguments.out,
        arguments.resume);
  }

  private static OptionalInt optional(Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
