package org.thalweg.app.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of a user or of the system that the process ends, by SIGINT or SIGTERM. Work that keeps
 * a checkpoint asks {@link #requested} between its steps and is given time to write one.
 */
public final class Interruption {
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile boolean guarded;

  /** An interruption that only {@link #request} brings about. */
  public Interruption() {}

  /** The interruption of this process. */
  public static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(interruption::awaitGuarded, "thalweg-interruption"));
    return interruption;
  }

  /** From now on, ending the process waits until {@link #finish}. */
  public void guard() {
    guarded = true;
  }

  /** Whether the process is to end. */
  public boolean requested() {
    return requested;
  }

  /** Asks the process to end. */
  public void request() {
    requested = true;
  }

  /** The command is done, and all that it has to say was said. */
  public void finish() {
    finished.countDown();
  }

  /** The JVM halts when this returns, with 128 plus the signal's number. */
  private void awaitGuarded() {
    request();
    try {
      if (guarded) {
        finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
