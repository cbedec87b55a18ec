package org.thalweg.sbi.calibration;

import java.util.Optional;
import org.thalweg.api.inference.Diagnostics.Verdict;

/**
 * What a check found.
 *
 * @param name of the value among the figures of a verdict, such as {@code sbc_p}
 * @param value a p-value: how likely a right posterior is to look as bad; or another number that is
 *     the smaller the worse
 * @param threshold below which the value speaks against the posterior
 * @param verdict what follows from it alone
 * @param sentence for people
 * @param picture to look at, where there is one
 */
public record Finding(
    String name,
    double value,
    double threshold,
    Verdict verdict,
    String sentence,
    Optional<Picture> picture) {
  /** Whether nothing speaks against the posterior. */
  public boolean passed() {
    return verdict == Verdict.TRUST;
  }
}
