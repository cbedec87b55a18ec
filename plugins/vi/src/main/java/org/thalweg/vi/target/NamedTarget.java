package org.thalweg.vi.target;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.thalweg.api.inference.LogDensityProblem;
import org.thalweg.api.inference.TargetProvider;
import org.thalweg.toolkit.infer.BayesianModel;
import org.thalweg.toolkit.infer.TargetData;

/**
 * Registers a model that has no options.
 *
 * @param name the name
 * @param summary what it is, in one sentence
 * @param paper where it is from
 * @param requiredData names in the data without which there is no model
 * @param maker the model of data, which is empty for a model that needs none
 */
public record NamedTarget(
    String name,
    String summary,
    String paper,
    List<String> requiredData,
    Function<TargetData, BayesianModel> maker)
    implements TargetProvider<NamedTarget.Config> {
  /** No options. */
  public record Config() {}

  /** Copies. */
  public NamedTarget {
    requiredData = List.copyOf(requiredData);
  }

  /** A model that needs no data. */
  static NamedTarget free(
      String name, String summary, String paper, Function<TargetData, BayesianModel> maker) {
    return new NamedTarget(name, summary, paper, List.of(), maker);
  }

  @Override
  public Config defaults() {
    return new Config();
  }

  @Override
  public LogDensityProblem create(Config config, Map<String, Object> data) {
    return maker.apply(new TargetData(name, data)).problem(name);
  }
}
