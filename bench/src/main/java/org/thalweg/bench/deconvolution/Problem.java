package org.thalweg.bench.deconvolution;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.random.Seed;
import org.thalweg.app.numpy.NumpyArray;
import org.thalweg.app.numpy.NumpyFile;
import org.thalweg.toolkit.data.Splitter;

/**
 * What is fitted and by which rows it is judged; all of it depends on the seed.
 *
 * @param train noisy rows, a part of which early stopping looks at
 * @param clean the training rows before they were made noisy, where these are known
 * @param options how the estimators are told of the noise
 * @param latent held-out rows without noise, where there are such
 * @param observed held-out rows with their noise
 * @param truth log-densities of the two, where they are known
 */
record Problem(
    Dataset train,
    Optional<Matrix> clean,
    Map<String, Object> options,
    Optional<Rows> latent,
    Rows observed,
    Optional<Truth> truth) {
  private static final int GAUSSIANS = 50_000;

  /** The variance of the noise of the wines (Dockhorn and others, 2020, section 4.2). */
  private static final double WINE_NOISE = 0.1;

  /**
   * True log-densities, one a row.
   *
   * @param latent of the rows without noise
   * @param observed of those with it
   */
  record Truth(double[] latent, double[] observed) {}

  /** The problem of a name. */
  static Problem of(String name, long seed) {
    return switch (name) {
      case "three-gaussians" -> gaussians(new Seed(seed));
      case "white", "red" ->
          wine("density-deconvolution/" + name + "_no_discrete_no_corr_0.98.npy", new Seed(seed));
      case "gaia" -> divided(Sky.stars(), new Seed(seed));
      case "supernovae" -> divided(Sky.supernovae(), new Seed(seed));
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Problem gaussians(Seed seed) {
    ThreeGaussians.Drawn train = ThreeGaussians.draw(GAUSSIANS, seed.child("train"));
    ThreeGaussians.Drawn test = ThreeGaussians.draw(GAUSSIANS, seed.child("test"));
    return new Problem(
        Dataset.of(train.observed()),
        Optional.of(train.latent()),
        Map.of("noise-covariance", ThreeGaussians.NOISE),
        Optional.of(Rows.of(test.latent())),
        Rows.of(test.observed()),
        Optional.of(
            new Truth(
                ThreeGaussians.latent(test.latent()), ThreeGaussians.observed(test.observed()))));
  }

  private static Problem wine(String file, Seed seed) {
    Matrix all = array(file);
    int[] order = Splitter.shuffled(all.rows(), seed.child("held out"));
    int kept = all.rows() / 10;
    Matrix test = all.select(Arrays.copyOf(order, kept));
    Matrix train =
        noisy(all.select(Arrays.copyOfRange(order, kept, all.rows())), seed.child("train"));
    Map<String, Object> options = new TreeMap<>();
    options.put("noise-sd", Double.toString(Math.sqrt(WINE_NOISE)));
    return new Problem(
        Dataset.of(train),
        Optional.empty(),
        options,
        Optional.of(Rows.of(test)),
        Rows.of(noisy(test, seed.child("test"))),
        Optional.empty());
  }

  private static Matrix noisy(Matrix rows, Seed seed) {
    SplittableRandom random = seed.generator();
    double[] out =
        Arrays.stream(rows.values())
            .map(v -> v + Math.sqrt(WINE_NOISE) * random.nextGaussian())
            .toArray();
    return new Matrix(rows.rows(), rows.columns(), out);
  }

  /** A fifth is kept. */
  private static Problem divided(Dataset all, Seed seed) {
    int[] order = Splitter.shuffled(all.size(), seed.child("held out"));
    int kept = all.size() / 5;
    return new Problem(
        all.select(Arrays.copyOfRange(order, kept, all.size())),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        all.select(Arrays.copyOf(order, kept)).rows(),
        Optional.empty());
  }

  static Path file(String name) {
    return Path.of(System.getenv().getOrDefault("THALWEG_DATA", "../shared/data"), name);
  }

  private static Matrix array(String name) {
    NumpyArray array = NumpyFile.read(file(name)).get(0);
    Matrix out = Matrix.zeros(array.rows(), array.columns());
    IntStream.range(0, out.values().length)
        .forEach(i -> out.values()[i] = array.number(i / array.columns(), i % array.columns()));
    return out;
  }
}
