package org.thalweg.app.report;

import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.app.picture.DensityMap;

/**
 * The density over the first two columns: the model's own where it has no others, else smoothed
 * from its samples, as the others would have to be integrated out.
 */
final class DensitySection {
  private static final String FILE = "density-map.png";

  private DensitySection() {}

  static void write(Page page, Subject subject, Optional<Matrix> samples) {
    if (subject.names().size() < 2) {
      return;
    }
    Optional<Matrix> data = subject.evidence().map(e -> e.rows().features());
    Optional<Matrix> shown = data.or(() -> samples);
    if (shown.isEmpty()) {
      return;
    }
    String points = data.isPresent() ? "rows of the table" : "samples";
    Matrix over = PairSection.pair(PairSection.first(shown.get()));
    boolean whole = subject.names().size() == 2 && !subject.conditional();
    if (whole && subject.model() instanceof LogDensity density) {
      page.heading("Density");
      exact(page, subject, density, over, points);
    } else if (samples.isPresent()) {
      page.heading("Density of the first two columns");
      smoothed(page, subject, samples.get(), over, points);
    }
  }

  private static void exact(
      Page page, Subject subject, LogDensity density, Matrix over, String points) {
    LogDensity.Named named = density.densities().get(0);
    page.picture(
        FILE,
        "The density of the model (%s) as colour, %s as points."
            .formatted(ModelSection.density(named), points),
        () ->
            DensityMap.draw(
                "density of the model, and " + points,
                subject.names(),
                over,
                at ->
                    density.logDensity(named, Rows.of(at), subject.seed().child("map")).values()));
  }

  private static void smoothed(
      Page page, Subject subject, Matrix samples, Matrix over, String points) {
    List<String> names = subject.names().subList(0, 2);
    KernelDensity density = new KernelDensity(PairSection.pair(PairSection.first(samples)));
    page.picture(
        FILE,
        ("The density of samples of the model as colour, %s as points. It is smoothed with Gaussian "
                + "kernels whose standard deviations are %s and %s: narrower structure does not "
                + "show.")
            .formatted(points, Figures.number(density.width(0)), Figures.number(density.width(1))),
        () ->
            DensityMap.draw(
                "density of samples, smoothed, and " + points, names, over, density::logDensity));
  }
}
