package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.random.Seed;

/** Numbers that stop being finite. */
class DivergenceTest {
  private static ModelCard card(Training training) {
    return new ModelCard("t", training, Gaussians.data(1).schema(), 0, "cpu", new TreeMap<>());
  }

  @Test
  void stepsThatAreNotFiniteAreUndoneAndTheBestWeightsKept() {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      var weight = store.parameter("w", new Shape(1), Initializer.repeat(1));
      List<FitEvent> events = new ArrayList<>();
      Objective objective = new Poisoned(weight, 30);
      Training training = Training.DEFAULT.withLength(50, 0);
      var card = card(training);
      var result =
          new TrainingLoop(
                  engine, store, training, objective, FitOptions.seed(0), events::add, card)
              .run();
      assertEquals(FitEvent.Stop.DIVERGED, result.stop());
      assertTrue(events.stream().anyMatch(FitEvent.RolledBack.class::isInstance));
      double kept = store.snapshot()[0];
      assertTrue(kept < 1 && kept > 0, "the weight of the best step is kept, got " + kept);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 2, 1})
  void divergenceBeforeAnyGoodModelIsExitFive(int epochs) {
    ThalwegException e = assertThrows(ThalwegException.class, () -> poisoned(epochs, false));
    assertEquals(ExitCode.DIVERGED, e.exitCode());
    assertTrue(e.getMessage().contains("numbers stopped being finite"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 2, 1})
  void stepsThatCannotBeJudgedAreNoModel(int epochs) {
    ThalwegException e = assertThrows(ThalwegException.class, () -> poisoned(epochs, true));
    assertEquals(ExitCode.DIVERGED, e.exitCode());
    assertTrue(e.getMessage().contains("validation rows was never finite"), e.getMessage());
  }

  /** Trains where every loss is NaN, or every validation score. */
  private static void poisoned(int epochs, boolean validation) {
    try (Engine engine = Gaussians.engine(1)) {
      ParameterStore store = new ParameterStore(engine, new Seed(0));
      var weight = store.parameter("w", new Shape(1), Initializer.repeat(1));
      Training training = Training.DEFAULT.withLength(epochs, 0);
      Objective objective =
          validation ? new Unjudged(new Poisoned(weight, epochs)) : new Poisoned(weight, 0);
      new TrainingLoop(
              engine,
              store,
              training,
              objective,
              FitOptions.seed(0),
              FitListener.SILENT,
              card(training))
          .run();
    }
  }

  /** An objective whose validation is never finite. */
  private record Unjudged(Objective of) implements Objective {
    @Override
    public int trainingRows() {
      return of.trainingRows();
    }

    @Override
    public int validationRows() {
      return of.validationRows();
    }

    @Override
    public NDArray loss(Tape tape, Share share) {
      return of.loss(tape, share);
    }

    @Override
    public double validate(Workers workers) {
      return Double.NaN;
    }
  }
}
