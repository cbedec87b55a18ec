package org.thalweg.sbi;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.inference.InferenceEvent;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.sbi.run.Outcome;
import org.thalweg.sbi.run.SimulationConfig;
import org.thalweg.sbi.run.Simulations;

/** What failed simulations mean for what is learnt from the others. */
final class Failures {
  /** Fewer usable simulations than these teach no net. */
  static final int FEWEST_USED = 20;

  /** A share of failed simulations that a user should think about. */
  static final double FEW = 0.05;

  /** What is not put down to bad luck. */
  private static final double UNLUCKY = 1e-3;

  private Failures() {}

  /**
   * Refuses to learn from what there was time for, where that is too little.
   *
   * @throws ThalwegException exit code 2, where there are too few to learn from
   */
  static void cut(Simulations table, InferenceOptions options) {
    int used = table.done() - table.failed();
    if (used < FEWEST_USED) {
      String rest =
          options.checkpoints() == Checkpoints.NONE ? "" : ", and --resume goes on from these";
      throw ThalwegException.usage(
          "The time limit of %s s ended simulating after %d of %d simulations, of which %d can be"
              + " used: too few to learn from, there must be %d. Half of the time is for training."
              + " Raise the time limit%s.",
          options.timeLimit().map(limit -> limit.toMillis() / 1000.0).orElse(0.0),
          table.done(),
          options.simulations(),
          used,
          FEWEST_USED,
          rest);
    }
  }

  /**
   * Whether all simulations have failed, and so many of those that are first in line that with the
   * share of failures that is allowed this would happen once in a thousand times: a simulator that
   * hangs would else be waited for as often as there are simulations. Those that end first, while
   * others go on, may be those that fail; so nothing after one that is under way counts.
   *
   * @param fresh the simulations that were pending when the process began, in order: what failed
   *     before may have been mended
   */
  static boolean hopeless(Simulations table, int[] fresh, SimulationConfig config) {
    if (table.failed() < table.done()) {
      return false;
    }
    int[] pending = table.pending();
    int under = pending.length == 0 ? table.size() : pending[0];
    long line = Arrays.stream(fresh).takeWhile(i -> i < under).count();
    return line > 0 && Math.pow(config.maxFailures(), line) < UNLUCKY;
  }

  /**
   * Warns of failures before something is learnt from a table, or refuses it. It looks at the whole
   * table, so that a run which was stopped and goes on is judged as one that was not.
   *
   * @throws ThalwegException exit code 3, where too few simulations are usable; 2, where none has
   *     the observation's length
   */
  static void require(Simulations table, SimulationConfig config, InferenceListener listener) {
    int n = table.done();
    int failed = table.failed();
    String how = describe(table);
    if (table.counts().getOrDefault(Outcome.LENGTH, 0) == n) {
      throw ThalwegException.usage(
          "The observation has %d numbers, and no simulation gives as many. Compare the observation "
              + "with what the simulator gives.",
          table.dataSize());
    }
    double share = (double) failed / n;
    if (share > config.maxFailures() || n - failed < FEWEST_USED) {
      throw ThalwegException.data(
          "Of %d simulations %d failed (%s): too many to learn from the rest. Mend the simulator, or"
              + " narrow the prior to where it works.",
          n, failed, how);
    }
    if (failed > 0) {
      String message =
          "%d of %d simulations failed (%s) and were left out: the answer is for parameters at "
              + "which the simulator works.";
      listener.on(new InferenceEvent.Warned(message.formatted(failed, n, how)));
    }
  }

  /**
   * Judges the simulations of all rounds, when the last has been learnt from: what was left out of
   * them, and what there was no time for.
   *
   * @param trained the last round that was learnt from
   */
  static void judge(Simulations table, int trained, InferenceOptions options, Judgement judgement) {
    if (table.pending().length > 0) {
      judgement.doubt(
          "The time limit ended simulating in round %d of %d, after %d of %d simulations.",
          table.lastRound(), options.rounds(), table.done(), options.simulations());
    } else if (trained < options.rounds()) {
      judgement.doubt("The time limit ended it after round %d of %d.", trained, options.rounds());
    }
    double share = (double) table.failed() / table.done();
    judgement.figure("failure_rate", share);
    if (share > FEW) {
      judgement.doubt(
          "%.1f %% of simulations failed (%s) and were left out.", 100 * share, describe(table));
    }
  }

  /** Such as {@code 12 threw an exception, such as 'no memory', 3 gave NaN or infinity}. */
  static String describe(Simulations table) {
    Map<Outcome, String> reasons = table.reasons();
    return table.counts().entrySet().stream()
        .filter(e -> e.getKey().failed())
        .map(
            e -> {
              String what = e.getValue() + " " + e.getKey().label();
              String reason = reasons.get(e.getKey());
              return reason == null ? what : what + ", such as '" + reason + "'";
            })
        .collect(Collectors.joining(", "));
  }
}
