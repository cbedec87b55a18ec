package org.thalweg.api.inference;

import java.util.OptionalDouble;

/**
 * Something that a posterior is checked by, made or not.
 *
 * @param name of its number among the figures, such as {@code sbc_p}
 * @param value the number; empty where the check was not made
 * @param threshold what the number is held against; empty where the check was not made
 * @param passes on which side of the threshold nothing speaks against the posterior
 * @param outcome what came of it
 * @param sentence what was found, or why it was not made
 */
public record Check(
    String name,
    OptionalDouble value,
    OptionalDouble threshold,
    Passes passes,
    Outcome outcome,
    String sentence) {
  /** A side of the threshold, which itself belongs to it. */
  public enum Passes {
    /** The threshold or more. */
    AT_LEAST,
    /** The threshold or less. */
    AT_MOST
  }

  /** What came of a check. */
  public enum Outcome {
    /** Nothing speaks against the posterior. */
    PASSED,
    /** Something does. */
    FAILED,
    /** It could not be made, or was not asked for; nothing is known. */
    NOT_MADE
  }

  /** One that passes at a threshold and above; NaN fails. */
  public static Check atLeast(String name, double value, double threshold, String sentence) {
    return made(name, value, threshold, Passes.AT_LEAST, value >= threshold, sentence);
  }

  /** One that passes at a threshold and below; NaN fails. */
  public static Check atMost(String name, double value, double threshold, String sentence) {
    return made(name, value, threshold, Passes.AT_MOST, value <= threshold, sentence);
  }

  private static Check made(
      String name, double value, double threshold, Passes side, boolean passed, String sentence) {
    return new Check(
        name,
        OptionalDouble.of(value),
        OptionalDouble.of(threshold),
        side,
        passed ? Outcome.PASSED : Outcome.FAILED,
        sentence);
  }

  /**
   * One that was not made.
   *
   * @param why a sentence
   */
  public static Check notMade(String name, String why) {
    return new Check(
        name,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Passes.AT_LEAST,
        Outcome.NOT_MADE,
        why);
  }
}
