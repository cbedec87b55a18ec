package org.thalweg.app.infer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.app.console.Console;
import org.thalweg.toolkit.infer.PosteriorModel;
import org.thalweg.toolkit.model.ModelFile;

/**
 * Whether to trust a posterior that is read from a file: its method's own judgement, and what the
 * inference that wrote it noted beside it, the worse of the two.
 */
public final class StoredVerdict {
  /** What an inference notes in a posterior's file. */
  public static final String VERDICT = "verdict";

  /** Why. */
  static final String REASONS = "reasons";

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
    Diagnostics own = posterior.posterior().diagnostics();
    String noted = String.valueOf(provenance.get(VERDICT));
    Verdict verdict =
        Stream.of(Verdict.values())
            .filter(v -> label(v).equals(noted) && v.compareTo(own.verdict()) > 0)
            .findFirst()
            .orElse(own.verdict());
    List<String> reasons =
        provenance.get(REASONS) instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : own.reasons();
    return Optional.of(
        new Diagnostics(verdict, reasons, own.figures(), own.checks(), own.perParameter()));
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
