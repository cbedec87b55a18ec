package org.thalweg.deconvolution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.toolkit.model.CheckpointFile;

/** What a fit's time limit and interrupts have to do with pretraining. */
class PretrainingTest {
  private static final long ENDLESS = 1_000_000_000;

  private final Dataset table = Dataset.of(new Matrix(500, 1, Setups.normals(500, 1)));

  private static DeconvFlow estimator(Object... more) {
    Object[] all = {
      "noise-sd", "0.5",
      "prior.layers", 1,
      "prior.hidden", 8,
      "recognition.layers", 1,
      "recognition.hidden", 8,
      "recognition.embedding", 0,
      "scoring-samples", 10,
      "steps", 3
    };
    Object[] joined = Arrays.copyOf(all, all.length + more.length);
    System.arraycopy(more, 0, joined, all.length, more.length);
    return new DeconvFlowProvider().create(Setups.flow(joined), Setups.context(Setups.SINGLE));
  }

  private static List<String> warnings(List<FitEvent> events) {
    return events.stream()
        .filter(FitEvent.Warned.class::isInstance)
        .map(e -> ((FitEvent.Warned) e).message())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pretrain-prior", "pretrain-posterior"})
  @Timeout(60)
  void theTimeLimitIsForTheWholeFit(String part) {
    FitOptions hurried = FitOptions.seed(1).withTimeLimit(Duration.ofMillis(400));
    List<FitEvent> events = new ArrayList<>();
    try (DeconvFlowModel model = estimator(part, ENDLESS).fit(table, hurried, events::add)) {
      double pretraining = model.card().metrics().get("pretrain_seconds");
      assertTrue(pretraining >= 0.4, "pretraining took " + pretraining);
      assertTrue(model.card().metrics().get("seconds") >= pretraining);
    }
    assertTrue(
        warnings(events).stream().anyMatch(w -> w.contains("reached in pretraining")),
        warnings(events).toString());
    FitEvent last = events.get(events.size() - 1);
    assertEquals(FitEvent.Stop.TIME_LIMIT, ((FitEvent.Finished) last).stop());
  }

  /** What is left is what the training has: it stops although its own time is far below. */
  @Test
  @Timeout(60)
  void whatPretrainingUsedIsTakenOff() {
    DeconvFlow estimator = estimator("pretrain-prior", 600, "steps", ENDLESS, "epochs", 1_000_000);
    double alone;
    try (DeconvFlowModel model =
        estimator.fit(
            table, FitOptions.seed(1).withTimeLimit(Duration.ofSeconds(2)), FitListener.SILENT)) {
      alone = model.card().metrics().get("pretrain_seconds");
      double all = model.card().metrics().get("seconds");
      assertTrue(alone > 0.05, "pretraining took " + alone);
      // Without the subtraction it would be the pretraining's more. A step, or a validation, is in
      // hand when time is up.
      assertTrue(all < 2 + 0.5 * alone, all + " seconds, of which pretraining " + alone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows", "mixture"})
  @Timeout(60)
  void anInterruptIsHeardInPretraining(String on) {
    List<FitEvent> events = new ArrayList<>();
    FitListener impatient =
        new FitListener() {
          private int asked;

          @Override
          public void on(FitEvent event) {
            events.add(event);
          }

          @Override
          public boolean interrupted() {
            return ++asked >= 5;
          }
        };
    DeconvFlow estimator = estimator("pretrain-on", on, "pretrain-prior", 40);
    ThalwegException end =
        assertThrows(
            ThalwegException.class, () -> estimator.fit(table, FitOptions.seed(1), impatient));
    assertEquals(ExitCode.INTERRUPTED, end.exitCode());
    assertTrue(end.getMessage().startsWith("Interrupted in pretraining"), end.getMessage());
    assertTrue(events.stream().noneMatch(FitEvent.Started.class::isInstance), "training began");
  }

  /** The mixture's own fit is part of pretraining, and of the fit's seconds. */
  @Test
  void theMixtureCounts() {
    Dataset few = table.select(java.util.stream.IntStream.range(0, 80).toArray());
    DeconvFlow estimator = estimator("pretrain-on", "mixture", "pretrain-prior", 1);
    try (DeconvFlowModel without =
            estimator("pretrain-prior", 1).fit(few, FitOptions.seed(1), FitListener.SILENT);
        DeconvFlowModel with = estimator.fit(few, FitOptions.seed(1), FitListener.SILENT);
        XdGmmModel mixture =
            new XdGmm("xd-gmm", Setups.mixture("noise-sd", "0.5"), Setups.SINGLE)
                .fit(few, FitOptions.seed(1), FitListener.SILENT)) {
      double own = mixture.card().metrics().get("seconds");
      double more =
          with.card().metrics().get("pretrain_seconds")
              - without.card().metrics().get("pretrain_seconds");
      assertTrue(more > 0.3 * own, more + " more with a mixture that takes " + own);
      assertTrue(
          with.card().metrics().get("seconds") > with.card().metrics().get("pretrain_seconds"));
    }
  }

  /** A fit that goes on does not pretrain again, and knows what it took. */
  @Test
  void secondsAreThoseOfAllRuns(@TempDir Path directory) {
    DeconvFlow estimator = estimator("pretrain-prior", 50, "checkpoint-seconds", 0, "epochs", 4);
    Path file = directory.resolve("state");
    FitListener impatient = Setups.impatient(1);
    FitOptions first =
        FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, false, Setups.REGISTRY));
    long start = System.nanoTime();
    assertThrows(ThalwegException.class, () -> estimator.fit(table, first, impatient));
    double took = (System.nanoTime() - start) * 1e-9;
    FitOptions second =
        FitOptions.seed(1).withCheckpoints(new CheckpointFile(file, true, Setups.REGISTRY));
    try (DeconvFlowModel model = estimator.fit(table, second, FitListener.SILENT)) {
      double pretraining = model.card().metrics().get("pretrain_seconds");
      assertTrue(pretraining > 0 && pretraining < took, pretraining + " of " + took);
      assertTrue(model.card().metrics().get("seconds") > pretraining);
    }
  }
}
