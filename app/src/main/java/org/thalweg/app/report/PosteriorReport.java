package org.thalweg.app.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.app.console.Console;
import org.thalweg.app.infer.ParameterSummary;
import org.thalweg.app.picture.GraphPicture;
import org.thalweg.app.picture.Histogram;
import org.thalweg.app.picture.PairPlot;
import org.thalweg.app.picture.Sample;
import org.thalweg.toolkit.config.ConfigBinder;

/**
 * A report on a posterior, ready to be written: whether to trust it comes first.
 *
 * @param html the page
 * @param pictures what it shows, by the names of their files
 */
public record PosteriorReport(String html, Map<String, BufferedImage> pictures) {
  /** More pictures would not be looked at. */
  private static final int MOST_MARGINALS = 24;

  /**
   * What a report is about.
   *
   * @param card what the posterior is and where it comes from
   * @param problem what it answers
   * @param names the names of the P parameters
   * @param diagnostics whether to trust it
   * @param draws {@code [n, P]}
   * @param parameters what the draws say
   * @param simulations how many were run
   * @param failed how many of them gave nothing
   * @param seconds how long it took
   * @param trace of the training, if there was one
   * @param graphs that go with the diagnostics
   */
  public record Subject(
      ModelCard card,
      Problem problem,
      List<String> names,
      Diagnostics diagnostics,
      Matrix draws,
      List<ParameterSummary> parameters,
      int simulations,
      int failed,
      double seconds,
      Optional<Graph> trace,
      List<Graph> graphs) {}

  /** Writes the page and draws its pictures. */
  public static PosteriorReport of(Console console, Subject subject) {
    Page page =
        new Page(
            console,
            "Posterior of %s by %s"
                .formatted(subject.problem().name(), subject.card().estimator()));
    VerdictSection.write(page, subject.diagnostics());
    parameters(page, subject);
    marginals(page, subject);
    pairs(page, subject);
    checks(page, subject.diagnostics());
    figures(page, subject);
    training(page, subject);
    origin(page, subject);
    return new PosteriorReport(page.html(), page.pictures());
  }

  private static void parameters(Page page, Subject subject) {
    page.heading("Parameters");
    page.paragraph(
        "%s draws, in the parameters' own units.".formatted(Figures.count(subject.draws().rows())));
    boolean corrected = subject.parameters().stream().anyMatch(p -> p.corrected().isPresent());
    List<String> header = new ArrayList<>(List.of("parameter", "mean", "s.d."));
    header.addAll(List.of("2.5 %", "25 %", "median", "75 %", "97.5 %"));
    if (corrected) {
      page.paragraph(
          "Corrected moments are those of the target itself, by Pareto-smoothed importance weights.");
      header.addAll(List.of("corrected mean", "corrected s.d."));
    }
    Set<String> figures = subject.diagnostics().perParameter().keySet();
    if (!figures.isEmpty()) {
      page.paragraph("Beside them the diagnostics of each; below are the worst.");
      header.addAll(figures);
    }
    page.table(header, subject.parameters().stream().map(PosteriorReport::line).toList());
  }

  private static List<String> line(ParameterSummary parameter) {
    List<String> out = new ArrayList<>();
    out.add(parameter.name());
    out.add(Figures.number(parameter.mean()));
    out.add(Figures.number(parameter.standardDeviation()));
    for (double quantile : parameter.quantiles()) {
      out.add(Figures.number(quantile));
    }
    parameter
        .corrected()
        .ifPresent(
            moments -> {
              out.add(Figures.number(moments.mean()));
              out.add(Figures.number(moments.standardDeviation()));
            });
    parameter.figures().values().forEach(value -> out.add(Figures.number(value)));
    return out;
  }

  private static void marginals(Page page, Subject subject) {
    page.heading("Marginals");
    int shown = Math.min(MOST_MARGINALS, subject.names().size());
    if (shown < subject.names().size()) {
      page.paragraph("The first %d of %d parameters.".formatted(shown, subject.names().size()));
    }
    List<Sample> draws = List.of(Sample.model("draws", subject.draws()));
    page.beginGrid();
    for (int j = 0; j < shown; j++) {
      int column = j;
      String name = subject.names().get(j);
      page.picture(
          "parameter-" + (j + 1) + ".png", name + ".", () -> Histogram.draw(name, column, draws));
    }
    page.endGrid();
  }

  private static void pairs(Page page, Subject subject) {
    if (subject.names().size() < 2) {
      return;
    }
    page.heading("Pairs of parameters");
    if (subject.names().size() > PairPlot.MOST) {
      page.paragraph(
          "The first %d of %d parameters.".formatted(PairPlot.MOST, subject.names().size()));
    }
    page.picture(
        "pair-plot.png",
        "Draws of the posterior.",
        () -> PairPlot.draw(subject.names(), PairSection.first(subject.draws())));
  }

  private static void checks(Page page, Diagnostics diagnostics) {
    if (diagnostics.checks().isEmpty()) {
      return;
    }
    page.heading("Checks");
    page.table(
        List.of("check", "outcome", "value", "passes", "what it says"),
        diagnostics.checks().stream().map(PosteriorReport::line).toList());
  }

  private static List<String> line(Check check) {
    String side = check.passes() == Check.Passes.AT_LEAST ? "at least " : "at most ";
    return List.of(
        check.name(),
        switch (check.outcome()) {
          case PASSED -> "passed";
          case FAILED -> "failed";
          case NOT_MADE -> "not made";
        },
        check.value().isPresent() ? Figures.number(check.value().getAsDouble()) : "",
        check.threshold().isPresent() ? side + Figures.number(check.threshold().getAsDouble()) : "",
        check.sentence());
  }

  private static void figures(Page page, Subject subject) {
    page.heading("Diagnostics");
    VerdictSection.figures(page, subject.diagnostics());
    for (Graph graph : subject.graphs()) {
      page.picture(
          "graph-" + graph.name() + ".png", graph.caption(), () -> GraphPicture.draw(graph));
    }
  }

  private static void training(Page page, Subject subject) {
    if (subject.trace().isPresent()) {
      Graph trace = subject.trace().get();
      page.heading("Training");
      page.picture("trace.png", trace.caption(), () -> GraphPicture.drawUpper(trace));
    }
  }

  private static void origin(Page page, Subject subject) {
    page.heading("How it was inferred");
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("method", subject.card().estimator()));
    lines.add(List.of("problem", subject.problem().name()));
    if (subject.problem() instanceof SimulatorProblem simulated) {
      lines.add(
          List.of(
              "observation",
              "%d rows of %d numbers"
                  .formatted(simulated.observation().rows(), simulated.observation().columns())));
      lines.add(
          List.of(
              "simulations",
              "%s, of which %s failed"
                  .formatted(
                      Figures.count(subject.simulations()), Figures.count(subject.failed()))));
    }
    for (ParameterBlock block : subject.problem().parameters()) {
      String count = block.size() == 1 ? "" : block.size() + " of ";
      lines.add(List.of("parameter " + block.name(), count + block.support()));
    }
    lines.add(List.of("seed", String.valueOf(subject.card().seed())));
    lines.add(List.of("engine", subject.card().engine()));
    lines.add(List.of("seconds", Figures.number(subject.seconds())));
    page.table(List.of(), lines);
    page.subheading("Options of the method");
    page.table(
        List.of("option", "value"),
        ConfigBinder.flatten(subject.card().config()).entrySet().stream()
            .map(option -> List.of(option.getKey(), String.valueOf(option.getValue())))
            .toList());
  }
}
