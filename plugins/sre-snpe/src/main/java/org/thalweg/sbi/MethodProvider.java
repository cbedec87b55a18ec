package org.thalweg.sbi;

import java.util.function.Function;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulatorProblem;

/**
 * Registers a method.
 *
 * @param <C> its options
 */
final class MethodProvider<C extends Record> implements InferenceProvider<C> {
  private final String name;
  private final String summary;
  private final String paper;
  private final C defaults;
  private final Function<C, Recipe> recipe;

  MethodProvider(
      String name, String summary, String paper, C defaults, Function<C, Recipe> recipe) {
    this.name = name;
    this.summary = summary;
    this.paper = paper;
    this.defaults = defaults;
    this.recipe = recipe;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public String paper() {
    return paper;
  }

  @Override
  public C defaults() {
    return defaults;
  }

  @Override
  public Class<? extends Problem> problemType() {
    return SimulatorProblem.class;
  }

  @Override
  public boolean sequential() {
    return recipe.apply(defaults).rounds() == Recipe.Rounds.MANY;
  }

  @Override
  public Inference create(C config, EstimatorContext context) {
    return (problem, options, listener) ->
        new SequentialRun(recipe.apply(config), simulated(problem), context, options, listener)
            .run();
  }

  @Override
  @SuppressWarnings("unchecked") // the card's config was bound to this provider's defaults
  public Posterior load(Problem problem, ModelReader reader, EstimatorContext context) {
    return LearntFile.load(
        recipe.apply((C) reader.card().config()), simulated(problem), reader, context);
  }

  private SimulatorProblem simulated(Problem problem) {
    if (problem instanceof SimulatorProblem simulated) {
      return simulated;
    }
    throw ThalwegException.usage(
        "Method '%s' needs a simulator; '%s' is a log-density. Choose a method of variational "
            + "inference.",
        name, problem.name());
  }
}
