package org.thalweg.app.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.inference.Graph;

/** What the steps of all trainings said, one training after the other, as a graph. */
final class Trace {
  /** More points would not be seen; each is the mean of the steps it stands for. */
  private static final int POINTS = 500;

  private final List<double[]> steps = new ArrayList<>();
  private final List<double[]> validations = new ArrayList<>();
  private double offset;
  private double last;

  void on(FitEvent event) {
    if (event instanceof FitEvent.Started) {
      offset += last;
      last = 0;
    } else if (event instanceof FitEvent.Stepped stepped) {
      last = stepped.step();
      add(steps, stepped.step(), -stepped.loss());
    } else if (event instanceof FitEvent.Validated validated) {
      last = Math.max(last, validated.step());
      add(validations, validated.step(), validated.validationLogDensity());
    }
  }

  private void add(List<double[]> to, double step, double value) {
    if (Double.isFinite(value)) {
      to.add(new double[] {offset + step, value});
    }
  }

  /**
   * The graph; empty where nothing was trained.
   *
   * @param judged what is judged on the way, such as a lower bound
   */
  Optional<Graph> graph(String judged) {
    List<Graph.Line> lines = new ArrayList<>();
    if (!steps.isEmpty()) {
      lines.add(line("minus the loss", thinned(steps)));
    }
    if (!validations.isEmpty()) {
      lines.add(line(judged, thinned(validations)));
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Graph(
                "trace",
                ("Minus the loss of the steps, where annealing counts, and the %s of the weights that "
                        + "were kept, all trainings one after the other. Each point is the mean of "
                        + "the steps around it.")
                    .formatted(judged),
                "step",
                "nats",
                lines));
  }

  private static Graph.Line line(String label, List<double[]> points) {
    return new Graph.Line(
        label,
        Graph.Style.LINE,
        points.stream().mapToDouble(p -> p[0]).toArray(),
        points.stream().mapToDouble(p -> p[1]).toArray());
  }

  private static List<double[]> thinned(List<double[]> points) {
    int together = Math.max(1, (points.size() + POINTS - 1) / POINTS);
    List<double[]> out = new ArrayList<>();
    for (int from = 0; from < points.size(); from += together) {
      List<double[]> some = points.subList(from, Math.min(points.size(), from + together));
      double x = some.stream().mapToDouble(p -> p[0]).average().orElseThrow();
      double y = some.stream().mapToDouble(p -> p[1]).average().orElseThrow();
      out.add(new double[] {x, y});
    }
    return out;
  }
}
