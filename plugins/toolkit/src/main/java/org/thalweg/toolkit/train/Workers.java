package org.thalweg.toolkit.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** A few threads that compute at the same time, each with tapes of its own. */
public final class Workers implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final int count;
  private final ThreadPoolExecutor pool;

  /** At most {@code count} threads, started when they are needed and let go when idle. */
  public Workers(int count) {
    this.count = count;
    ThreadFactory daemons =
        task -> {
          Thread thread = new Thread(task, "thalweg-worker-" + NUMBER.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    pool =
        new ThreadPoolExecutor(
            count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons);
    pool.allowCoreThreadTimeOut(true);
  }

  /** The number of threads. */
  public int count() {
    return count;
  }

  /** Runs tasks 0 to n - 1 and returns their results in that order; the first failure is thrown. */
  public <T> List<T> map(int n, IntFunction<T> task) {
    if (pool.isShutdown()) {
      throw new IllegalStateException(
          "These workers were closed, and with them the model that they compute for: load it again.");
    }
    if (n == 1) {
      // To hand one task over and wait for it takes longer than a small one.
      return Collections.singletonList(task.apply(0));
    }
    AtomicBoolean failed = new AtomicBoolean();
    List<Future<T>> futures = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      int index = i;
      futures.add(pool.submit(() -> failed.get() ? null : task.apply(index)));
    }
    List<T> results = new ArrayList<>(n);
    Throwable failure = null;
    boolean interrupted = false;
    // All are waited for, also after a failure: a task must not outlive what it works on.
    for (int i = 0; i < n; ) {
      try {
        results.add(futures.get(i).get());
        i++;
      } catch (ExecutionException e) {
        failed.set(true);
        failure = failure == null ? e.getCause() : failure;
        i++;
      } catch (InterruptedException e) {
        interrupted = true;
        failed.set(true);
        failure = failure == null ? e : failure;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException("A worker was stopped.", failure);
    }
    return results;
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
