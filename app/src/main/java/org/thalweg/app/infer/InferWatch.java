package org.thalweg.app.infer;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.SimulationTable;
import org.thalweg.app.console.Console;
import org.thalweg.app.console.Interruption;
import org.thalweg.app.console.Progress;
import org.thalweg.app.fit.FitWatch;

/** Shows an inference's progress, keeps its trace, and stops it when the process is to end. */
final class InferWatch implements InferenceListener, AutoCloseable {
  private final Console console;
  private final Interruption interruption;
  private final Consumer<SimulationTable> keep;
  private final Trace trace = new Trace();
  private final FitWatch training;
  private Progress simulating;
  private int simulations;
  private int failed;
  private Optional<SimulationTable> simulated = Optional.empty();

  /** Watches; {@code keep} is given the simulations after every round. */
  InferWatch(Console console, Interruption interruption, Consumer<SimulationTable> keep) {
    this.console = console;
    this.interruption = interruption;
    this.keep = keep;
    this.training = new FitWatch(console, interruption);
  }

  @Override
  public boolean interrupted() {
    return interruption.requested();
  }

  @Override
  public void on(InferenceEvent event) {
    if (event instanceof InferenceEvent.RoundStarted round) {
      endSimulating();
      console.info("Round %d of %d.", round.round(), round.of());
    } else if (event instanceof InferenceEvent.Simulated simulated) {
      simulated(simulated);
    } else if (event instanceof InferenceEvent.RoundSimulated round) {
      simulated = Optional.of(round.simulations());
      keep.accept(round.simulations());
    } else if (event instanceof InferenceEvent.Training some) {
      endSimulating();
      trace.on(some.event());
      training.on(some.event());
    } else if (event instanceof InferenceEvent.Warned warned) {
      console.warn("%s", warned.message());
    }
  }

  private void simulated(InferenceEvent.Simulated simulated) {
    simulations = simulated.done();
    failed = simulated.failed();
    if (simulating == null) {
      simulating = new Progress(console, "simulate", "simulations", simulated.of());
    }
    simulating.at(
        simulated.done(), () -> failed == 0 ? "" : String.format(Locale.ROOT, "%d failed", failed));
  }

  private void endSimulating() {
    if (simulating != null) {
      simulating.close();
      simulating = null;
    }
  }

  /** Simulations that were run, failed ones included. */
  int simulations() {
    return simulations;
  }

  /** Those that gave no usable observation. */
  int failed() {
    return failed;
  }

  /** All simulations, where the method told of them. */
  Optional<SimulationTable> simulated() {
    return simulated;
  }

  /** What training said. */
  Trace trace() {
    return trace;
  }

  /** Nothing more will be heard. */
  void end() {
    endSimulating();
    training.close();
  }

  @Override
  public void close() {
    end();
  }
}
