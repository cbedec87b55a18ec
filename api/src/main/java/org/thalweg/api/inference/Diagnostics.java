package org.thalweg.api.inference;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether to trust a posterior.
 *
 * @param verdict the answer
 * @param reasons sentences that led to it
 * @param figures such as {@code k_hat}, {@code r_hat}, {@code ess}, {@code acceptance}
 * @param checks what it was checked by, and what it was not, in the order of a report
 * @param perParameter figures that each parameter has its own of, such as {@code r_hat}: one for
 *     each of {@link Problem#parameterNames}, in their order
 */
public record Diagnostics(
    Verdict verdict,
    List<String> reasons,
    SortedMap<String, Double> figures,
    List<Check> checks,
    SortedMap<String, List<Double>> perParameter) {
  /** Copies. */
  public Diagnostics {
    reasons = List.copyOf(reasons);
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    checks = List.copyOf(checks);
    TreeMap<String, List<Double>> copy = new TreeMap<>();
    perParameter.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    perParameter = Collections.unmodifiableSortedMap(copy);
  }

  /** Without a list of checks, nor figures of single parameters. */
  public Diagnostics(Verdict verdict, List<String> reasons, SortedMap<String, Double> figures) {
    this(verdict, reasons, figures, List.of(), new TreeMap<>());
  }

  /** The answer. */
  public enum Verdict {
    /** Nothing speaks against it. */
    TRUST,
    /** Something does. */
    DOUBTFUL,
    /** It is wrong, or cannot be judged at all. */
    DO_NOT_USE
  }
}
