package org.thalweg.app.fit;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.Split;
import org.thalweg.api.random.Seed;
import org.thalweg.app.Reason;
import org.thalweg.app.console.Console;
import org.thalweg.app.picture.DensityMap;
import org.thalweg.app.picture.PairPlot;
import org.thalweg.app.picture.PictureFile;
import org.thalweg.app.picture.TrainingCurve;
import org.thalweg.toolkit.data.Dequantiser;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;

/** The pictures of a fit. A picture that cannot be drawn is warned of; the model is worth more. */
final class FitPictures {
  private static final int MOST_POINTS = 2000;

  private final Console console;
  private final Seed seed;

  FitPictures(Console console, Seed seed) {
    this.console = console;
    this.seed = seed;
  }

  /** Writes those that the model has the capabilities for, and says which. */
  List<Path> write(
      Path directory, Model model, Dataset data, Split split, List<FitEvent.Validated> history) {
    List<Path> out = new ArrayList<>();
    if (!history.isEmpty()) {
      draw(out, directory.resolve("training-curve.png"), () -> TrainingCurve.draw(history));
    }
    Rows shown = shown(data, split);
    List<String> names = data.schema().features().stream().map(Column::name).toList();
    if (model instanceof Sampler sampler) {
      draw(
          out,
          directory.resolve("pair-plot.png"),
          () -> PairPlot.draw(names, shown.features(), samples(sampler, shown)));
    }
    if (model instanceof LogDensity density && names.size() == 2) {
      draw(
          out,
          directory.resolve("density-map.png"),
          () ->
              DensityMap.draw(
                  "density of the model, and held-out rows",
                  names,
                  shown.features(),
                  at -> values(density, shown, at)));
    }
    return out;
  }

  private void draw(List<Path> out, Path file, Supplier<BufferedImage> picture) {
    try {
      PictureFile.write(file, picture.get());
      out.add(file);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // A system without fonts fails with an InternalError or with a missing class.
      console.warn("'%s' was not drawn: %s", file, Reason.of(e));
    }
  }

  /** Held-out rows where there are some, spread as in training; a point needs all its numbers. */
  private Rows shown(Dataset data, Split split) {
    Partition parts = Splitter.split(data, split, seed);
    int[] held =
        parts.test().length > 0
            ? parts.test()
            : parts.validation().length > 0 ? parts.validation() : parts.train();
    int[] from = Arrays.stream(held).filter(i -> data.rows().features().finite(i)).toArray();
    int[] some = from;
    if (from.length > MOST_POINTS) {
      int[] order = Splitter.shuffled(from.length, seed.child("pictures"));
      some = Arrays.stream(order).limit(MOST_POINTS).map(i -> from[i]).toArray();
    }
    return Dequantiser.apply(data.rows().select(some), data.schema(), seed.child("pictures"));
  }

  private Matrix samples(Sampler sampler, Rows shown) {
    Seed draws = seed.child("pair-plot");
    return shown.context().columns() == 0
        ? sampler.sample(shown.size(), Matrix.zeros(1, 0), draws)
        : sampler.sample(1, shown.context(), draws);
  }

  /** The default density at points, given the middle row's context where there is one. */
  private double[] values(LogDensity density, Rows shown, Matrix at) {
    int[] middle = new int[at.rows()];
    Arrays.fill(middle, shown.size() / 2);
    Rows rows = Rows.of(at, shown.context().select(middle));
    return density.logDensity(density.densities().get(0), rows, seed.child("density-map")).values();
  }
}
