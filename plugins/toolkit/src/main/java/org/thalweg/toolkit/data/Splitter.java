package org.thalweg.toolkit.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;

/**
 * Divides a table at random, keeping identical rows together: a row that was trained on must not be
 * met again in validation or test. Or in the order of its rows, where they come divided.
 */
public final class Splitter {
  private Splitter() {}

  /**
   * Divides the rows. Groups of identical rows are dealt to test, then to validation, as long as
   * they bring the part nearer to its fraction; what is left is trained on, so a group too large
   * for the other parts is. A part with a fraction above 0 has at least one row.
   *
   * @throws ThalwegException exit code 2 where there are too few distinct rows
   */
  public static Partition split(Dataset data, Split split, Seed seed) {
    int n = data.size();
    if (split.order() == Split.Order.AS_GIVEN) {
      return inOrder(n, split);
    }
    int[] groups = groups(data.rows().features(), data.rows().context());
    int count = Arrays.stream(groups).max().orElse(-1) + 1;
    int[] sizes = new int[count];
    for (int group : groups) {
      sizes[group]++;
    }
    int parts = 1 + (split.validation() > 0 ? 1 : 0) + (split.test() > 0 ? 1 : 0);
    if (count < parts) {
      throw ThalwegException.usage(
          "The table has %d distinct usable rows; a split into %d parts needs at least %d.",
          count, parts, parts);
    }
    int[] order = shuffled(count, seed.child("split"));
    byte[] part = new byte[count];
    int left = count - fill(part, order, sizes, split.test() * n, count - parts + 1, (byte) 2);
    fill(part, order, sizes, split.validation() * n, left - 1, (byte) 1);
    return new Partition(rows(groups, part, 0), rows(groups, part, 1), rows(groups, part, 2));
  }

  /** Rows as they stand, for tables that come divided; what is the same may be met again. */
  private static Partition inOrder(int n, Split split) {
    int test = (int) Math.rint(split.test() * n);
    int validation = (int) Math.rint(split.validation() * n);
    int train = n - test - validation;
    if (train < 1) {
      throw ThalwegException.usage(
          "The split %s leaves none of %d usable rows for training.", split, n);
    }
    return new Partition(
        IntStream.range(0, train).toArray(),
        IntStream.range(train, train + validation).toArray(),
        IntStream.range(train + validation, n).toArray());
  }

  /** A random permutation of 0 to n - 1. */
  public static int[] shuffled(int n, Seed seed) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    SplittableRandom random = seed.generator();
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  /** Deals undealt groups to a part, at most so many, and returns their number. */
  private static int fill(
      byte[] part, int[] order, int[] sizes, double wanted, int most, byte label) {
    int taken = 0;
    double filled = 0;
    int smallest = -1;
    for (int i = 0; i < order.length && filled < wanted && taken < most; i++) {
      int group = order[i];
      if (part[group] == 0) {
        smallest = smallest < 0 || sizes[group] < sizes[smallest] ? group : smallest;
        boolean nearer = filled + 0.5 * sizes[group] < wanted;
        if (nearer) {
          part[group] = label;
          filled += sizes[group];
          taken++;
        }
      }
    }
    if (wanted > 0 && taken == 0) {
      part[smallest] = label;
      taken = 1;
    }
    return taken;
  }

  /** The number of the group of identical rows that each row is in, by first appearance. */
  private static int[] groups(Matrix features, Matrix context) {
    Map<Key, Integer> seen = new HashMap<>(2 * features.rows());
    int[] out = new int[features.rows()];
    for (int i = 0; i < out.length; i++) {
      Key key = new Key(features, context, i);
      int candidate = seen.size();
      Integer group = seen.putIfAbsent(key, candidate);
      out[i] = group == null ? candidate : group;
    }
    return out;
  }

  private static int[] rows(int[] groups, byte[] part, int label) {
    int[] out = new int[groups.length];
    int n = 0;
    for (int i = 0; i < groups.length; i++) {
      if (part[groups[i]] == label) {
        out[n++] = i;
      }
    }
    return Arrays.copyOf(out, n);
  }

  /** A row by its values, without copying them. */
  private record Key(Matrix features, Matrix context, int row) {
    @Override
    public int hashCode() {
      return 31 * hash(features) + hash(context);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && same(features, key, key.features)
          && same(context, key, key.context);
    }

    private int hash(Matrix matrix) {
      int hash = 1;
      for (int j = 0; j < matrix.columns(); j++) {
        hash = 31 * hash + Double.hashCode(matrix.get(row, j) + 0.0);
      }
      return hash;
    }

    private boolean same(Matrix mine, Key key, Matrix theirs) {
      for (int j = 0; j < mine.columns(); j++) {
        // Not by bits: 0 and -0 are the same value. Missing values are alike.
        double a = mine.get(row, j);
        double b = theirs.get(key.row, j);
        if (a != b && !(Double.isNaN(a) && Double.isNaN(b))) {
          return false;
        }
      }
      return true;
    }
  }
}
