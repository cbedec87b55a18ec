package org.thalweg.api.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Messages about names that do not exist: what exists, and the nearest one. */
public final class Names {
  private Names() {}

  /**
   * The refusal of an unknown name.
   *
   * @param kind what the name stands for, in the singular, such as {@code estimator}
   * @param asked the name that was given
   * @param existing the names there are
   */
  public static ThalwegException unknown(String kind, String asked, Collection<String> existing) {
    String guess = nearest(asked, existing).map(n -> " Did you mean '" + n + "'?").orElse("");
    String there =
        existing.isEmpty()
            ? "There is none."
            : "There is: " + String.join(", ", new TreeSet<>(existing)) + ".";
    return new ThalwegException(
        ExitCode.USAGE, "Unknown " + kind + " '" + asked + "'." + guess + " " + there);
  }

  /**
   * The name that is fewest edits away, if it is near enough to be a slip of the pen. Small letters
   * for capitals are no edits, but between names that are as near.
   */
  public static Optional<String> nearest(String asked, Collection<String> existing) {
    List<String> sorted = existing.stream().sorted().toList();
    return sorted.stream()
        .min(
            Comparator.<String>comparingInt(name -> distance(small(asked), small(name)))
                .thenComparingInt(name -> distance(asked, name)))
        .filter(name -> distance(small(asked), small(name)) <= Math.max(2, asked.length() / 3));
  }

  private static String small(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
