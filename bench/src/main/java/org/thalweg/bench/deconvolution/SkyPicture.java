package org.thalweg.bench.deconvolution;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.DensityMap;
import org.thalweg.app.picture.PairPlot;
import org.thalweg.app.picture.PictureFile;

/** What a model takes rows without noise to be like, beside the noisy ones. */
final class SkyPicture {
  private SkyPicture() {}

  /** The file of a job's picture. */
  static String name(Job job) {
    return "deconvolution-%s-%s.png".formatted(job.set(), job.label());
  }

  /** Draws the density of two columns, or samples of more. */
  static void write(Path images, Job job, Model model, Problem problem) {
    List<String> names = model.schema().features().stream().map(Column::name).toList();
    Matrix rows = problem.observed().features();
    LogDensity density = model.as(LogDensity.class);
    Function<Matrix, double[]> latent =
        at -> density.logDensity(density.density("latent"), Rows.of(at), new Seed(1)).values();
    PictureFile.write(
        images.resolve(name(job)),
        names.size() == 2
            ? DensityMap.draw(
                job.label() + " of " + job.set() + ", and held-out rows", names, rows, latent)
            : PairPlot.draw(
                names,
                rows,
                model.as(Sampler.class).sample(rows.rows(), Matrix.zeros(1, 0), new Seed(1))));
  }
}
