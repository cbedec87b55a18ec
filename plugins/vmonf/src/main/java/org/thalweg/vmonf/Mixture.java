package org.thalweg.vmonf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.nn.Draws;
import org.thalweg.toolkit.nn.Ops;

/**
 * The generative part: p(x) = sum over c of p(c) p(x | c), with a density of its own for each
 * component.
 */
final class Mixture implements TrainableDensity {
  private final List<TrainableDensity> components = new ArrayList<>();
  private final ComponentWeights weights;

  Mixture(VmonfConfig config, BuildContext context) {
    for (int c = 0; c < config.components(); c++) {
      components.add(Parts.density(config.flow(), context.child("component" + c)));
    }
    weights = new ComponentWeights(context.scope(), config.weights(), config.components());
  }

  /** p(x | c). */
  TrainableDensity component(int index) {
    return components.get(index);
  }

  int size() {
    return components.size();
  }

  @Override
  public Bound bind(Binding binding) {
    List<ConditionalDensity> bound = new ArrayList<>();
    for (int c = 0; c < components.size(); c++) {
      bound.add(components.get(c).bind(binding.child("component" + c)));
    }
    NDArray logWeights = weights.log(binding.tape());
    return context ->
        new Given(
            binding.tape(), bound.stream().map(one -> one.given(context)).toList(), logWeights);
  }

  /** The mixture on a tape. */
  @FunctionalInterface
  interface Bound extends ConditionalDensity {
    @Override
    Given given(Context context);
  }

  /** The mixture for a batch of contexts. */
  record Given(Tape tape, List<Density> components, NDArray logWeights) implements Density {
    /** log p(x, c), {@code [N, K]}. */
    NDArray logJoint(NDArray x) {
      NDList columns = new NDList();
      components.forEach(component -> columns.add(component.logDensity(x).expandDims(1)));
      return Ops.concat(columns, 1).add(logWeights);
    }

    @Override
    public NDArray logDensity(NDArray x) {
      return Ops.logSumExp(logJoint(x), 1);
    }

    /** All components draw, and one of the draws is taken: gradients reach the one that counts. */
    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      NDList draws = new NDList();
      for (int c = 0; c < components.size(); c++) {
        Draw draw = components.get(c).sampleWithLogDensity(perContext, seed.child(c));
        draws.add(draw.value().expandDims(1));
      }
      NDArray all = Ops.concat(draws, 1);
      NDArray uniform =
          Draws.uniform(tape, seed.child("component"), new Shape(all.getShape().get(0), 1));
      NDArray chosen = Draws.oneHot(logWeights.exp(), uniform).expandDims(2);
      NDArray value = all.mul(chosen).sum(new int[] {1});
      return new Draw(value, logDensity(value));
    }

    @Override
    public Cost densityCost() {
      return components.stream().map(Density::densityCost).reduce(Cost::and).orElseThrow();
    }

    @Override
    public Cost sampleCost() {
      return components.stream()
          .map(density -> density.sampleCost().and(density.densityCost()))
          .reduce(Cost::and)
          .orElseThrow();
    }
  }
}
