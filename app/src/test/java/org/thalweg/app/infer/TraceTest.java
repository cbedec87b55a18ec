package org.thalweg.app.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.inference.Graph;

class TraceTest {
  /** The loss of a step that is annealed is no lower bound: only what was judged is called one. */
  @Test
  void linesAreCalledWhatTheyAre() {
    Trace trace = new Trace();
    trace.on(new FitEvent.Stepped(1, 0, 3));
    trace.on(new FitEvent.Stepped(2, 0, 2));
    trace.on(new FitEvent.Validated(2, 0, -2.5, -7, true));
    trace.on(new FitEvent.Started(1, 1, 1, 1));
    trace.on(new FitEvent.Stepped(1, 0, 4));
    Graph graph = trace.graph("lower bound (ELBO)").orElseThrow();
    assertEquals(
        List.of("minus the loss", "lower bound (ELBO)"),
        graph.lines().stream().map(Graph.Line::label).toList());
    assertArrayEquals(new double[] {1, 2, 3}, graph.lines().get(0).x());
    assertArrayEquals(new double[] {-3, -2, -4}, graph.lines().get(0).y());
    assertArrayEquals(new double[] {-7}, graph.lines().get(1).y());
    assertEquals("nats", graph.yLabel());
    assertFalse(graph.xLabel().contains("ELBO"));
    assertTrue(new Trace().graph("validation").isEmpty());
  }
}
