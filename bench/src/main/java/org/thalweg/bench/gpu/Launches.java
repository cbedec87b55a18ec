package org.thalweg.bench.gpu;

import ai.djl.pytorch.jni.JniUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.Registry;

/**
 * The operations of one training step by libtorch's own profiler: those that compute, and contain
 * no other that does. Each is at least one kernel on a device.
 */
public final class Launches {
  /** They look at memory, or reserve it. */
  private static final Set<String> NO_KERNEL =
      Set.of(
          "aten::view",
          "aten::reshape",
          "aten::_reshape_alias",
          "aten::as_strided",
          "aten::slice",
          "aten::select",
          "aten::t",
          "aten::transpose",
          "aten::permute",
          "aten::expand",
          "aten::squeeze",
          "aten::unsqueeze",
          "aten::detach",
          "aten::alias",
          "aten::narrow",
          "aten::empty",
          "aten::empty_like",
          "aten::empty_strided",
          "aten::resize_",
          "aten::requires_grad_",
          "aten::size",
          "aten::result_type",
          "aten::to",
          "aten::contiguous",
          "aten::lift_fresh",
          "aten::set_",
          "aten::resolve_conj",
          "aten::resolve_neg",
          "aten::is_floating_point",
          "aten::expand_as",
          "aten::view_as",
          "aten::unfold",
          "aten::diagonal",
          "aten::split",
          "aten::split_with_sizes",
          "aten::chunk",
          "aten::unbind",
          "aten::flatten",
          "aten::_unsafe_view",
          "aten::new_empty",
          "aten::new_empty_strided",
          "aten::item",
          "aten::_local_scalar_dense");

  /**
   * One kernel on a device. The processor fills what it sums up into, casts a number of a formula,
   * divides a sum for a mean: what they contain does not count.
   */
  private static final Set<String> ONE_KERNEL =
      Set.of(
          "aten::add",
          "aten::add_",
          "aten::sub",
          "aten::sub_",
          "aten::rsub",
          "aten::mul",
          "aten::mul_",
          "aten::div",
          "aten::div_",
          "aten::pow",
          "aten::sum",
          "aten::mean",
          "aten::mm",
          "aten::addmm",
          "aten::addmm_",
          "aten::baddbmm",
          "aten::bmm",
          "aten::where",
          "aten::cat",
          "aten::lt",
          "aten::le",
          "aten::gt",
          "aten::ge",
          "aten::eq",
          "aten::ne",
          "aten::clamp",
          "aten::clamp_",
          "aten::clamp_min",
          "aten::clamp_min_");

  private static final int STEP = 6;

  private Launches() {}

  /** Counts in one step, after a few that are not looked at. */
  static int ofStep(Engine engine, Registry registry, Work work) {
    return ofStep(engine, watch -> work.train(engine, registry, STEP + 2, watch).close());
  }

  /**
   * Counts in one step of a fit, after a few that are not looked at.
   *
   * @param fit trains for at least eight steps, unless its listener interrupts it
   */
  public static int ofStep(Engine engine, Consumer<FitListener> fit) {
    try {
      Path trace = Files.createTempFile("thalweg", ".json");
      try {
        profile(engine, fit, trace);
        return count(trace);
      } finally {
        Files.delete(trace);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts what is in a file of libtorch's profiler, also of a program in Python. */
  public static int count(Path trace) throws IOException {
    return count(new ObjectMapper().readTree(trace.toFile()));
  }

  /** Counts in some work of the calling thread. */
  static int of(Engine engine, Runnable work) throws IOException {
    work.run();
    Path trace = Files.createTempFile("thalweg", ".json");
    try {
      JniUtils.startProfile(engine.device().isGpu(), false, false);
      try {
        work.run();
      } finally {
        JniUtils.stopProfile(trace.toString());
      }
      return count(trace);
    } finally {
      Files.delete(trace);
    }
  }

  private static void profile(Engine engine, Consumer<FitListener> fit, Path trace) {
    FitListener watch =
        new FitListener() {
          private long steps;

          @Override
          public void on(FitEvent event) {
            if (event instanceof FitEvent.Stepped stepped) {
              steps = stepped.step();
              if (steps == STEP) {
                // On the fit's own thread, which computes the only share itself.
                JniUtils.startProfile(engine.device().isGpu(), false, false);
              } else if (steps == STEP + 1) {
                JniUtils.stopProfile(trace.toString());
              }
            }
          }

          @Override
          public boolean interrupted() {
            return steps > STEP;
          }
        };
    try {
      fit.accept(watch);
    } catch (ThalwegException e) {
      if (e.exitCode() != ExitCode.INTERRUPTED) {
        throw e;
      }
    }
  }

  private record Span(String name, long thread, double from, double to) {}

  private static int count(JsonNode trace) {
    List<Span> spans = new ArrayList<>();
    for (JsonNode event : trace.isArray() ? trace : trace.path("traceEvents")) {
      String name = event.path("name").asText();
      if (name.startsWith("aten::") && event.has("dur") && !NO_KERNEL.contains(name)) {
        double from = event.path("ts").asDouble();
        spans.add(
            new Span(name, event.path("tid").asLong(), from, from + event.path("dur").asDouble()));
      }
    }
    // Parents come before their children.
    spans.sort(
        Comparator.comparingLong(Span::thread)
            .thenComparingDouble(Span::from)
            .thenComparing(Comparator.comparingDouble(Span::to).reversed()));
    int operations = 0;
    for (int i = 0; i < spans.size(); ) {
      Span span = spans.get(i++);
      if (ONE_KERNEL.contains(span.name)) {
        while (i < spans.size() && within(span, spans.get(i))) {
          i++;
        }
        operations++;
      } else if (i == spans.size() || !within(span, spans.get(i))) {
        operations++;
      }
    }
    return operations;
  }

  private static boolean within(Span outer, Span inner) {
    return inner.thread == outer.thread && inner.from < outer.to;
  }
}
