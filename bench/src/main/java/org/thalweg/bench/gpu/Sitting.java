package org.thalweg.bench.gpu;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One run on one card within a time: what is measured in it, and what was in those before. */
final class Sitting {
  private final String card;
  private final long end;
  private final Measurements rows;
  private final Set<Key> done;

  /**
   * Begins.
   *
   * @param card what is measured; only its own rows count
   * @param seconds after which nothing new begins
   * @param done what is not measured again
   */
  Sitting(String card, double seconds, Measurements rows, Set<Key> done) {
    this.card = card;
    this.done = done;
    this.end = System.nanoTime() + (long) (seconds * 1e9);
    this.rows = rows;
  }

  /** The names of a measurement. */
  record Key(String table, String work, String engine, String quantity) {
    @Override
    public String toString() {
      return String.join(" ", table, work, engine, quantity);
    }
  }

  /** Some of the work. */
  interface Part {
    void run() throws IOException;
  }

  boolean over() {
    return System.nanoTime() > end;
  }

  boolean simulated() {
    return card.equals(GpuBench.SIMULATED);
  }

  /**
   * Runs a part, unless it is done. One that fails does not take the others with it.
   *
   * @param last what it measures last
   */
  void part(Key last, Part part) {
    if (done.contains(last)) {
      return;
    }
    if (over()) {
      System.out.println("owed, the time is over: " + last);
      return;
    }
    try {
      part.run();
    } catch (IOException | RuntimeException failure) {
      System.out.println("failed: " + last);
      failure.printStackTrace(System.out);
    }
  }

  /** What was measured on this card. */
  Optional<String> value(Key key) {
    return rows.find(card, key.table, key.work, key.engine, key.quantity)
        .map(Measurements.Row::value);
  }

  void add(Key key, double value) {
    add(key, String.format(Locale.ROOT, "%.5g", value), Double.NaN, 1);
  }

  void add(Key key, Clock.Time time) {
    add(key, String.format(Locale.ROOT, "%.5g", time.median()), time.spread(), time.count());
  }

  void add(Key key, String value, double spread, int count) {
    rows.add(
        new Measurements.Row(
            card, key.table, key.work, key.engine, key.quantity, value, spread, count));
  }
}
