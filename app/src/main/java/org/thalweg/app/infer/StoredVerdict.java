package org.thalweg.app.infer;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.app.console.Console;
import org.thalweg.toolkit.infer.PosteriorModel;
import org.thalweg.toolkit.infer.StoredDiagnostics;
import org.thalweg.toolkit.model.ModelFile;

/**
 * Whether to trust a posterior that is read from a file: what the inference that wrote it noted,
 * or, of one that was saved without, its method's own judgement, which may take draws.
 */
public final class StoredVerdict {
  /** What commands call it. */
  public static final String VERDICT = "verdict";

  /** What an inference notes in a posterior's file. */
  static final String DIAGNOSTICS = "diagnostics";

  private StoredVerdict() {}

  /**
   * The judgement; empty for a model that is no posterior.
   *
   * @param provenance what the file notes
   */
  public static Optional<Diagnostics> of(Model model, Map<String, Object> provenance) {
    if (!(model instanceof PosteriorModel posterior)) {
      return Optional.empty();
    }
    Object noted = provenance.get(DIAGNOSTICS);
    return Optional.of(
        noted == null ? posterior.posterior().diagnostics() : StoredDiagnostics.of(noted));
  }

  /** The verdict of a file, as the commands' contract writes it; empty for no posterior. */
  public static Optional<String> label(ModelFile.Loaded loaded) {
    return of(loaded.model(), loaded.provenance()).map(judged -> label(judged.verdict()));
  }

  /** Warns of a posterior that is not to be trusted. */
  public static void warn(Console console, Object file, Diagnostics judged) {
    if (judged.verdict() != Verdict.TRUST) {
      console.warn(
          "the posterior in '%s' is %s. %s",
          file, words(judged.verdict()), String.join(" ", judged.reasons()));
    }
  }

  private static String words(Verdict verdict) {
    return verdict == Verdict.DOUBTFUL ? "doubtful" : "not to be used";
  }

  /** A verdict, or an outcome, as the commands' contract writes it. */
  public static String label(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
