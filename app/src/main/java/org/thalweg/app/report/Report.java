package org.thalweg.app.report;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.estimator.ToNoise;
import org.thalweg.app.console.Console;
import org.thalweg.app.infer.StoredVerdict;

/**
 * A report, ready to be written.
 *
 * @param html the page
 * @param pictures what it shows, by the names of their files
 * @param samples the number of samples that were drawn
 * @param columns each column's data against samples; empty where there are not both
 * @param noise each dimension of the data's noise against the base; empty where there are not both
 */
public record Report(
    String html,
    Map<String, BufferedImage> pictures,
    int samples,
    List<Marginal> columns,
    List<Marginal> noise) {
  /** Looks at a model from all sides. */
  public static Report of(Console console, Subject subject) {
    Page page = new Page(console, "Report on " + subject.file().getFileName());
    StoredVerdict.of(subject.model(), subject.provenance())
        .ifPresent(
            judged -> {
              VerdictSection.write(page, judged);
              VerdictSection.figures(page, judged);
            });
    ModelSection.write(page, subject);
    FitSection.write(page, subject);
    EvidenceSection.write(page, subject);
    Optional<Matrix> samples = subject.samples();
    Optional<Evidence> evidence = subject.evidence();
    List<Marginal> columns = List.of();
    if (samples.isPresent()) {
      PairSection.write(page, subject, samples.get());
    } else {
      page.paragraph(whyNoSamples(subject));
    }
    DensitySection.write(page, subject, samples);
    if (samples.isPresent() && evidence.isPresent()) {
      Matrix data = evidence.get().rows().features();
      columns = ColumnSection.write(page, subject, data, samples.get());
    } else if (samples.isPresent()) {
      ColumnSection.write(page, subject, samples.get());
    }
    List<Marginal> noise = List.of();
    if (subject.model() instanceof ToNoise flow && evidence.isPresent()) {
      noise = NoiseSection.write(page, subject, flow, evidence.get().rows());
    }
    return new Report(
        page.html(), page.pictures(), samples.map(Matrix::rows).orElse(0), columns, noise);
  }

  private static String whyNoSamples(Subject subject) {
    return subject.model() instanceof Sampler
        ? "The model is conditional: its samples need a table with the context columns. Name one "
            + "with --data FILE."
        : "A model of estimator '%s' draws no samples."
            .formatted(subject.model().card().estimator());
  }
}
