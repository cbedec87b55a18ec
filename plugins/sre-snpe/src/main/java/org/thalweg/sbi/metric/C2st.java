package org.thalweg.sbi.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * The classifier two-sample test of Friedman (2003) and Lopez-Paz and Oquab (2017), as Lueckmann et
 * al. (2021) measure posteriors: the accuracy of a net with two hidden layers of ten units a column
 * at telling draws from a reference, on rows that it was not trained on, over five folds. 0.5 says
 * that the two cannot be told apart, 1 that they always can.
 *
 * @param accuracy the mean over the folds
 * @param folds the accuracy on each
 */
public record C2st(double accuracy, List<Double> folds) {
  private static final int FOLDS = 5;
  private static final int UNITS_PER_COLUMN = 10;

  /** Copies. */
  public C2st {
    folds = List.copyOf(folds);
  }

  /**
   * Compares. The same seed gives the same bits for any number of threads.
   *
   * @param reference {@code [N, D]}; columns are standardised by its moments
   * @param draws {@code [M, D]}; M = N, else 0.5 is not what chance gives
   * @param seed of the folds, weights and batches
   * @param threads how many folds are trained at once
   */
  public static C2st of(Matrix reference, Matrix draws, Seed seed, int threads) {
    float[] rows = Standardised.join(reference, draws);
    int d = reference.columns();
    int n = reference.rows() + draws.rows();
    if (n < 2 * FOLDS) {
      throw ThalwegException.usage("%d folds need %d rows, got %d.", FOLDS, 2 * FOLDS, n);
    }
    int[] order = permutation(n, seed.child("folds").generator());
    List<Callable<Double>> tasks = new ArrayList<>();
    for (int f = 0; f < FOLDS; f++) {
      int fold = f;
      int from = (int) ((long) f * n / FOLDS);
      int to = (int) ((long) (f + 1) * n / FOLDS);
      tasks.add(() -> fold(rows, d, reference.rows(), order, from, to, seed.child(fold)));
    }
    List<Double> folds = inParallel(tasks, threads);
    return new C2st(folds.stream().mapToDouble(x -> x).average().orElseThrow(), folds);
  }

  private static double fold(
      float[] rows, int d, int first, int[] order, int from, int to, Seed seed) {
    int n = order.length;
    float[] train = new float[(n - (to - from)) * d];
    boolean[] second = new boolean[n - (to - from)];
    float[] test = new float[(to - from) * d];
    int at = 0;
    for (int i = 0; i < n; i++) {
      if (i >= from && i < to) {
        System.arraycopy(rows, order[i] * d, test, (i - from) * d, d);
      } else {
        System.arraycopy(rows, order[i] * d, train, at * d, d);
        second[at++] = order[i] >= first;
      }
    }
    Classifier net =
        Classifier.train(train, second, d, UNITS_PER_COLUMN * d, Classifier.UNTIL_DONE, seed);
    double[] probability = net.probability(test);
    int right = 0;
    for (int i = from; i < to; i++) {
      if (probability[i - from] > 0.5 == order[i] >= first) {
        right++;
      }
    }
    return right / (double) (to - from);
  }

  private static int[] permutation(int n, RandomGenerator random) {
    int[] out = new int[n];
    Arrays.setAll(out, i -> i);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = out[i];
      out[i] = out[j];
      out[j] = kept;
    }
    return out;
  }

  private static List<Double> inParallel(List<Callable<Double>> tasks, int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      List<Double> out = new ArrayList<>();
      for (Future<Double> future : pool.invokeAll(tasks)) {
        out.add(future.get());
      }
      return out;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ThalwegException(ExitCode.INTERRUPTED, "Interrupted in the two-sample test.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
