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
 */
public record Diagnostics(
    Verdict verdict, List<String> reasons, SortedMap<String, Double> figures) {
  /** Copies. */
  public Diagnostics {
    reasons = List.copyOf(reasons);
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
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
