package org.thalweg.app.table;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * A table in memory: its usable rows in order, or a uniform random sample of them where there are
 * more than fit.
 *
 * @param data the rows that were kept, in the table's order
 * @param rows rows of the table
 * @param refused rows that hold a missing or an infinite value
 * @param digest SHA-256 of the names and values of the columns, over all rows of the table; the
 *     same for the same numbers, whatever the file format
 */
public record Ingest(Dataset data, long rows, long refused, String digest) {
  /** Unless the user says otherwise, as many rows are kept. */
  public static final int MOST_ROWS = 2_000_000;

  /** Unless the user says otherwise, as many numbers are kept: 192 MB. */
  public static final int MOST_NUMBERS = 24_000_000;

  private static final int CHUNK = 4096;

  /** Whether rows were left out because there were too many. */
  public boolean sampled() {
    return rows - refused > data.size();
  }

  /** The limit on rows of so many columns: what the user says, else by {@link #MOST_NUMBERS}. */
  public static int limit(OptionalInt asked, int columns) {
    return asked.orElse(Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / Math.max(1, columns))));
  }

  /**
   * Reads a table.
   *
   * @param missing what is usable
   * @param limit the most rows to keep
   * @param seed decides which rows are kept where there are more
   * @throws ThalwegException exit code 3 where no row is usable
   */
  public static Ingest read(
      Table table, Schema schema, MissingValues missing, int limit, Seed seed) {
    RowReader reader = new RowReader(table, schema, missing);
    Reservoir reservoir = new Reservoir(limit, seed.child("rows"));
    RowDigest digest = new RowDigest(schema);
    long[] counts = new long[2];
    reader.read(
        CHUNK,
        chunk -> {
          for (double[] row : chunk) {
            digest.add(row);
            counts[0]++;
            if (reader.usable(row)) {
              reservoir.offer(counts[0], row);
            } else {
              counts[1]++;
            }
          }
        });
    List<Numbered> kept = reservoir.rows();
    if (kept.isEmpty()) {
      throw ThalwegException.data(
          "None of the %d rows of %s is usable: each holds a missing or an infinite value in one of "
              + "%s.",
          counts[0],
          table.label(),
          String.join(", ", schema.columns().stream().map(Column::name).toList()));
    }
    Rows rows =
        reader
            .rows(kept.stream().map(Numbered::row).toArray(double[][]::new))
            .numbered(kept.stream().mapToLong(Numbered::number).toArray());
    return new Ingest(new Dataset(schema, rows), counts[0], counts[1], digest.hexadecimal());
  }

  /** A row and its number in the table, counted from 1. */
  private record Numbered(long number, double[] row) {}

  /** A uniform sample of a stream (Vitter 1985, algorithm R). */
  private static final class Reservoir {
    private final int limit;
    private final SplittableRandom random;
    private final List<Numbered> kept = new ArrayList<>();
    private long seen;

    Reservoir(int limit, Seed seed) {
      this.limit = limit;
      this.random = seed.generator();
    }

    void offer(long number, double[] row) {
      if (kept.size() < limit) {
        kept.add(new Numbered(number, row));
      } else {
        long slot = random.nextLong(seen + 1);
        if (slot < limit) {
          kept.set((int) slot, new Numbered(number, row));
        }
      }
      seen++;
    }

    List<Numbered> rows() {
      kept.sort(Comparator.comparingLong(Numbered::number));
      return kept;
    }
  }

  /** A digest over rows. */
  private static final class RowDigest {
    private final MessageDigest sha;
    private final ByteBuffer buffer;

    RowDigest(Schema schema) {
      try {
        sha = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every JDK has SHA-256.", e);
      }
      for (Column column : schema.columns()) {
        sha.update((column.name() + '\n').getBytes(StandardCharsets.UTF_8));
      }
      buffer = ByteBuffer.allocate(8 * schema.columns().size());
    }

    void add(double[] row) {
      buffer.clear();
      for (double value : row) {
        buffer.putDouble(value);
      }
      sha.update(buffer.flip());
    }

    String hexadecimal() {
      return HexFormat.of().formatHex(sha.digest());
    }
  }
}
