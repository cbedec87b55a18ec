package org.thalweg.toolkit.train;

import java.util.function.Consumer;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;

/**
 * A share of a batch in pieces that fit into the device's memory. The gradients of pieces add up to
 * that of the whole, up to rounding; what is drawn at random in a piece is not what is drawn in the
 * whole.
 */
final class Pieces {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Engine engine;
  private final Training.Oversized oversized;
  private final boolean whole;
  private final FitListener listener;

  /** The most rows that are tried at a time; falls only. */
  private volatile int most = NO_LIMIT;

  /**
   * Nothing is divided as long as all fits.
   *
   * @param whole whether there are statistics of a batch, which pieces do not have
   */
  Pieces(Engine engine, Training.Oversized oversized, boolean whole, FitListener listener) {
    this.engine = engine;
    this.oversized = oversized;
    this.whole = whole;
    this.listener = listener;
  }

  /**
   * Computes a share.
   *
   * @param clear called before the first piece, also where all begins again with smaller ones
   * @param add called with each piece
   * @throws ThalwegException exit code 4 where the memory does not suffice, with the rows that fit
   */
  void run(Share share, Runnable clear, Consumer<Share> add) {
    int rows = Math.min(most, share.size());
    boolean again = false;
    while (true) {
      try {
        clear.run();
        int count = (share.size() + rows - 1) / rows;
        for (int i = 0; i < count; i++) {
          add.accept(share.piece(i, count));
        }
        return;
      } catch (RuntimeException e) {
        if (!engine.outOfMemory(e)) {
          throw e;
        }
        engine.trim();
        if (again) {
          rows = smaller(share, rows, add, e);
        }
        // What was full of the past may have room now.
        again = !again;
      }
    }
  }

  /** The rows to go on with. */
  private int smaller(Share share, int rows, Consumer<Share> add, RuntimeException failure) {
    if (oversized == Training.Oversized.REFUSE || whole || rows == 1) {
      throw refusal(share, fitting(share, rows, add), failure);
    }
    int half = rows / 2;
    synchronized (this) {
      if (half < most) {
        most = half;
        listener.on(
            new FitEvent.Warned(
                "%d rows at once do not fit into the memory of %s; going on with %d at a time."
                    .formatted(rows, engine.name(), half)));
      }
    }
    return half;
  }

  /** How many rows do fit, of halves of what does not; 0 for none. */
  private int fitting(Share share, int rows, Consumer<Share> add) {
    for (int fewer = rows / 2; fewer > 0; fewer /= 2) {
      try {
        add.accept(share.first(fewer));
        return fewer;
      } catch (RuntimeException e) {
        if (!engine.outOfMemory(e)) {
          throw e;
        }
        engine.trim();
      }
    }
    return 0;
  }

  private ThalwegException refusal(Share share, int fits, RuntimeException failure) {
    int batch = share.batch().length;
    // Each share takes its part of the batch, and its part of the memory.
    long size = (long) fits * batch / share.size();
    String what =
        "The memory of the engine '%s' does not hold a step of %d rows"
            .formatted(engine.name(), batch);
    if (fits == 0) {
      return new ThalwegException(
          ExitCode.ENGINE, what + ", nor one of a single row. Choose a smaller model.", failure);
    }
    String cure =
        whole
            ? "Set batch-size=%d".formatted(size)
            : "Set batch-size=%d, or oversized=divide to add up the gradients of smaller pieces"
                .formatted(size);
    return new ThalwegException(
        ExitCode.ENGINE, "%s; %d rows fit. %s.".formatted(what, size, cure), failure);
  }
}
