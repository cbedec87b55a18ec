package org.thalweg.app.console;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something is: a bar on a terminal, a plain line every few seconds elsewhere. */
public final class Progress implements AutoCloseable {
  private static final long LINE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long BAR_NANOS = Duration.ofMillis(300).toNanos();
  private static final int WIDTH = 110;

  private final Console console;
  private final String task;
  private final String unit;
  private final long total;
  private final ProgressBar bar;
  private final long start = System.nanoTime();
  private long lastNote = start;

  /**
   * Begins.
   *
   * @param total how many units there are, 0 where that is not known
   */
  public Progress(Console console, String task, String unit, long total) {
    this.console = console;
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.bar = console.terminal() ? bar(console, task, unit, total) : null;
  }

  /** So many units are done; {@code note} says what they brought, when it is asked. */
  public void at(long done, Supplier<String> note) {
    if (bar != null) {
      bar.stepTo(done);
    }
    if (System.nanoTime() - lastNote > (bar == null ? LINE_NANOS : BAR_NANOS)) {
      lastNote = System.nanoTime();
      if (bar == null) {
        line(done, note.get());
      } else {
        bar.setExtraMessage(" " + note.get());
      }
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private void line(long done, String note) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    double rate = done / Math.max(seconds, 1e-9);
    String of = total > 0 ? "/" + total : "";
    String eta =
        total > 0 && rate > 0
            ? String.format(Locale.ROOT, ", ETA %.0f s", (total - done) / rate)
            : "";
    console.info(
        "%s: %d%s %s, %s %s/s%s%s",
        task, done, of, unit, rate(rate), unit, eta, note.isEmpty() ? "" : ", " + note);
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, rate < 100 ? "%.1f" : "%.0f", rate);
  }

  private static ProgressBar bar(Console console, String task, String unit, long total) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total > 0 ? total : -1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUnit(" " + unit, 1)
        .showSpeed()
        // With a width of our own the library does not search for a terminal library.
        .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
        .build();
  }
}
