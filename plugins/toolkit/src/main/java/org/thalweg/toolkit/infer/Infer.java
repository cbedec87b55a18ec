package org.thalweg.toolkit.infer;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.inference.Inference;
import org.thalweg.api.inference.InferenceListener;
import org.thalweg.api.inference.InferenceOptions;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * An inference by the name of its method, for programs: {@code Infer.by("npe").simulations(1000)
 * .of(problem, context)}.
 *
 * @param method the method's name
 * @param set options of the method that differ from its defaults, by key
 * @param options what every inference takes
 * @param listener hears what happens
 */
public record Infer(
    String method, Map<String, Object> set, InferenceOptions options, InferenceListener listener) {
  /** Copies the options. */
  public Infer {
    set = Map.copyOf(set);
  }

  /** One round, no simulation, seed 0, nothing kept and nothing heard. */
  public static Infer by(String method) {
    InferenceOptions options =
        new InferenceOptions(new Seed(0), 1, 0, Optional.empty(), Checkpoints.NONE);
    return new Infer(method, Map.of(), options, event -> {});
  }

  /** The same with an option of the method, as after {@code --set}. */
  public Infer set(String key, Object value) {
    Map<String, Object> more = new TreeMap<>(set);
    more.put(key, value);
    return new Infer(method, more, options, listener);
  }

  /** The same with a budget of simulations over all rounds. */
  public Infer simulations(int count) {
    return with(
        new InferenceOptions(
            options.seed(), options.rounds(), count, options.timeLimit(), options.checkpoints()));
  }

  /** The same with so many rounds. */
  public Infer rounds(int count) {
    return with(
        new InferenceOptions(
            options.seed(),
            count,
            options.simulations(),
            options.timeLimit(),
            options.checkpoints()));
  }

  /** The same with another seed. */
  public Infer seed(long value) {
    return with(
        new InferenceOptions(
            new Seed(value),
            options.rounds(),
            options.simulations(),
            options.timeLimit(),
            options.checkpoints()));
  }

  /** The same with other options. */
  public Infer with(InferenceOptions other) {
    return new Infer(method, set, other, listener);
  }

  /** The same, heard by a listener. */
  public Infer heardBy(InferenceListener other) {
    return new Infer(method, set, options, other);
  }

  /**
   * Infers; the caller closes the posterior.
   *
   * @throws org.thalweg.api.error.ThalwegException as {@link Inference#infer}, and exit code 2 for
   *     an unknown method or option
   */
  public Posterior of(Problem problem, EstimatorContext context) {
    return create(context.registry().method(method), context).infer(problem, options, listener);
  }

  private <C extends Record> Inference create(
      InferenceProvider<C> provider, EstimatorContext context) {
    return provider.create(ConfigBinder.bind(provider.defaults(), set), context);
  }
}
