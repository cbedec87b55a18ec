package org.thalweg.toolkit.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.PosteriorModel;
import org.thalweg.toolkit.infer.ProblemSource;

/**
 * A posterior as a file of the model format, whose manifest names a method where a model's names an
 * estimator, and under {@code problem} what it answers.
 */
public final class PosteriorFile {
  private static final String PROBLEM = "problem";

  private PosteriorFile() {}

  /**
   * What a posterior is and where it comes from.
   *
   * @param method the name of the method that made it
   * @param config the options it was made with
   * @param observationNames the names of the numbers in one observation; none for a log-density
   * @param engine what it was made on
   */
  public static ModelCard card(
      String method,
      Record config,
      Posterior posterior,
      List<String> observationNames,
      Seed seed,
      String engine) {
    return new ModelCard(
        method,
        config,
        PosteriorModel.schema(posterior, observationNames),
        seed.value(),
        engine,
        posterior.diagnostics().figures());
  }

  /**
   * Writes a posterior, replacing a file of that name only when all is on disk.
   *
   * @param source the problem by name; empty for one that is not registered, which has then to be
   *     handed over when the file is read
   * @param provenance what else should be known about its origin
   * @throws ThalwegException exit code 2 where the file cannot be written
   */
  public static void save(
      Path file,
      Posterior posterior,
      ModelCard card,
      Optional<ProblemSource> source,
      Registry registry,
      Map<String, Object> provenance) {
    Map<String, Object> noted = new LinkedHashMap<>(provenance);
    source.ifPresent(problem -> noted.put(PROBLEM, problem.toMap()));
    ModelFile.write(file, Registry.Kind.METHOD, card, registry, noted, posterior::save);
  }

  /**
   * Reads the posterior of a registered problem.
   *
   * @throws ThalwegException as {@link ModelFile#load}
   */
  public static Posterior load(Path file, EstimatorContext context) {
    if (ModelFile.load(file, context).model() instanceof PosteriorModel model) {
      return model.posterior();
    }
    throw ThalwegException.data("'%s' holds a model of an estimator and no posterior.", file);
  }

  /**
   * Reads the posterior of a problem that is not registered.
   *
   * @param problem that which was handed to the method
   * @throws ThalwegException as {@link ModelFile#load}
   */
  public static Posterior load(Path file, Problem problem, EstimatorContext context) {
    StoredState state = ModelFile.read(file, context.registry());
    return context.registry().method(state.card().estimator()).load(problem, state, context);
  }

  static Model model(
      Path file, ModelReader state, Map<String, Object> provenance, EstimatorContext context) {
    if (!(provenance.get(PROBLEM) instanceof Map<?, ?> stored)) {
      throw ThalwegException.data(
          "'%s' answers a problem that has no name: it is read by PosteriorFile.load with that "
              + "problem.",
          file);
    }
    Problem problem = ProblemSource.of(stored).create(context.registry());
    Posterior posterior =
        context.registry().method(state.card().estimator()).load(problem, state, context);
    return PosteriorModel.of(posterior, state.card());
  }
}
