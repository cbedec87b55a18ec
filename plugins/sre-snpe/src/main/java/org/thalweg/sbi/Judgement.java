package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Diagnostics.Verdict;

/** Collects what speaks for and against a posterior. */
final class Judgement {
  private final SortedMap<String, Double> figures = new TreeMap<>();
  private final Map<String, Check> checks = new LinkedHashMap<>();
  private final SortedMap<String, List<Double>> perParameter = new TreeMap<>();
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

  /** Notes a number for each parameter. */
  Judgement perParameter(String name, List<Double> values) {
    perParameter.put(name, values);
    return this;
  }

  /** Notes a check, with its number among the figures; the last of a name stands. */
  Judgement check(Check check) {
    checks.put(check.name(), check);
    check.value().ifPresent(value -> figure(check.name(), value));
    return this;
  }

  /** Notes a check; where it failed its sentence is a reason. */
  Judgement check(Check check, Verdict whereItFails) {
    check(check);
    return check.outcome() == Check.Outcome.FAILED ? because(whereItFails, check.sentence()) : this;
  }

  /** Notes a check that was not made. */
  Judgement notMade(String name, String why, Object... values) {
    return check(Check.notMade(name, why.formatted(values)));
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
    perParameter.putAll(other.perParameter());
    other.checks().forEach(check -> checks.put(check.name(), check));
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
    return new Diagnostics(verdict, reasons, figures, List.copyOf(checks.values()), perParameter);
  }
}
