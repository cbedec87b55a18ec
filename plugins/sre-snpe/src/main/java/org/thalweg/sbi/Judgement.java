package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;

/** Collects what speaks for and against a posterior. */
final class Judgement {
  private final SortedMap<String, Double> figures = new TreeMap<>();
  private final List<String> reasons = new ArrayList<>();
  private Verdict verdict = Verdict.TRUST;

  /** Nothing yet. */
  Judgement() {}

  /** What was collected before. */
  Judgement(Diagnostics earlier) {
    add(earlier);
  }

  /** Notes a number. */
  Judgement figure(String name, double value) {
    figures.put(name, value);
    return this;
  }

  /** A number that was noted. */
  Optional<Double> figure(String name) {
    return Optional.ofNullable(figures.get(name));
  }

  /** Notes what a check found; that nothing speaks against it is no reason. */
  Judgement found(Verdict least, String sentence) {
    return least == Verdict.TRUST ? this : because(least, sentence);
  }

  /** Notes something that makes it doubtful. */
  Judgement doubt(String format, Object... values) {
    return because(Verdict.DOUBTFUL, format.formatted(values));
  }

  /** Notes something that makes it useless. */
  Judgement reject(String format, Object... values) {
    return because(Verdict.DO_NOT_USE, format.formatted(values));
  }

  /** Adds what others found. */
  Judgement add(Diagnostics other) {
    figures.putAll(other.figures());
    other.reasons().forEach(reason -> because(Verdict.TRUST, reason));
    return raise(other.verdict());
  }

  private Judgement because(Verdict least, String reason) {
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
    return raise(least);
  }

  private Judgement raise(Verdict least) {
    verdict = least.compareTo(verdict) > 0 ? least : verdict;
    return this;
  }

  /** All of it. */
  Diagnostics result() {
    return new Diagnostics(verdict, reasons, figures);
  }
}
