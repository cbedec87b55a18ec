package org.thalweg.bench;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;

/**
 * An ordinary fit that waits between blocks of steps: its listener, which is called on the fit's
 * own thread after each step, holds it until more steps are asked for.
 */
public final class PausedFit implements FitListener {
  /** The work of a fit, which is told who listens. */
  @FunctionalInterface
  public interface Fit {
    void run(FitListener listener);
  }

  private final Semaphore asked = new Semaphore(0);
  private final BlockingQueue<Object> reached = new SynchronousQueue<>();
  private final Thread thread;
  private volatile int left;
  private double lossSum;

  /** Starts a fit, which stops before its first step. */
  public PausedFit(Fit fit) {
    thread =
        new Thread(
            () -> {
              try {
                fit.run(this);
                hand(new IllegalStateException("The fit ended before all steps were taken."));
              } catch (RuntimeException | Error failure) {
                hand(failure);
              }
            },
            "paused-fit");
    thread.setDaemon(true);
    thread.start();
    await();
  }

  /** Takes steps and returns the mean loss of their batches. */
  public double steps(int count) {
    lossSum = 0;
    left = count;
    asked.release();
    await();
    return lossSum / count;
  }

  @Override
  public void on(FitEvent event) {
    if (event instanceof FitEvent.Started) {
      pause();
    } else if (event instanceof FitEvent.Stepped stepped) {
      lossSum += stepped.loss();
      left--;
      if (left == 0) {
        pause();
      }
    } else if (event instanceof FitEvent.RolledBack undone) {
      throw new IllegalStateException("A step was undone: " + undone.action());
    }
  }

  private void pause() {
    hand("paused");
    asked.acquireUninterruptibly();
  }

  private void hand(Object state) {
    try {
      reached.put(state);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void await() {
    try {
      if (reached.take() instanceof Throwable failure) {
        throw new IllegalStateException("The fit failed: " + failure.getMessage(), failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the fit.", e);
    }
  }
}
