package org.thalweg.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.InferenceProvider;
import org.thalweg.api.inference.ParameterBlock;
import org.thalweg.api.inference.SimulatorProblem;
import org.thalweg.api.inference.SimulatorProvider;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.api.plugin.Provider;

/** What there is to say of methods, simulators and targets besides their options. */
final class ProblemText {
  private static final int SHOWN = 8;

  private ProblemText() {}

  /** The kind of problem that a method takes. */
  static String takes(InferenceProvider<?> method) {
    return method.problemType() == SimulatorProblem.class ? "simulator" : "target";
  }

  /** Adds it to a description; other providers have nothing to add. */
  static void describe(Provider<?> provider, Map<String, Object> values, List<String> lines) {
    if (provider instanceof InferenceProvider<?> method) {
      values.put("takes", takes(method));
      values.put("sequential", method.sequential());
      lines.add("takes: a " + takes(method));
      lines.add("rounds: " + (method.sequential() ? "any number" : "one"));
    } else if (provider instanceof SimulatorProvider<?> simulator) {
      simulator(simulator, values, lines);
    } else if (provider instanceof TargetProvider<?> target) {
      values.put("required_data", target.requiredData());
      if (target.requiredData().isEmpty()) {
        parameters(make(target), values, lines);
      } else {
        lines.add("data: " + String.join(", ", target.requiredData()));
      }
    }
  }

  private static void simulator(
      SimulatorProvider<?> provider, Map<String, Object> values, List<String> lines) {
    SimulatorProvider.Simulation made;
    try {
      made = make(provider);
    } catch (ThalwegException e) {
      // One that cannot be without options has nothing to show; they are listed below.
      return;
    }
    parameters(made.prior().parameters(), values, lines);
    List<String> names = made.observationNames();
    values.put("observation", names);
    String some = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    String rest = names.size() > SHOWN ? ", ..." : "";
    lines.add("observation: %d numbers, %s%s".formatted(names.size(), some, rest));
  }

  private static <C extends Record> SimulatorProvider.Simulation make(
      SimulatorProvider<C> provider) {
    return provider.create(provider.defaults());
  }

  private static <C extends Record> List<ParameterBlock> make(TargetProvider<C> provider) {
    return provider.create(provider.defaults(), Map.of()).parameters();
  }

  private static void parameters(
      List<ParameterBlock> blocks, Map<String, Object> values, List<String> lines) {
    List<Object> out = new ArrayList<>();
    for (ParameterBlock block : blocks) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("name", block.name());
      item.put("size", block.size());
      item.put("support", block.support().toString());
      out.add(item);
      String count = block.size() == 1 ? "" : block.size() + " of ";
      lines.add("parameter %s: %s%s".formatted(block.name(), count, block.support()));
    }
    values.put("parameters", out);
  }
}
