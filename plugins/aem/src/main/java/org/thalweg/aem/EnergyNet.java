package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Engine;
import org.thalweg.toolkit.nn.Dense;
import org.thalweg.toolkit.nn.Dropout;
import org.thalweg.toolkit.nn.Linear;

/**
 * The negative energy of a number given its conditional's code: a residual net over the
 * concatenation of both, shared by all columns, whose output {@code -softplus(raw)} is never above
 * 0 (Durkan and Nash, 2019, section 3.1).
 *
 * <p>The first layer is a sum of two: the code's part is computed once for each conditional,
 * however many numbers are asked for.
 */
final class EnergyNet {
  /** Starts a block's second layer next to nothing, so that a fresh block changes little. */
  private static final Initializer SMALL = Initializer.uniform(1e-3);

  /**
   * Where raw outputs start. The energy's offset is free; started at 0, a few large steps take the
   * output to where -softplus is flat, for the data and what it should be told from alike, and no
   * gradient leads back.
   */
  private static final Initializer CLEAR_OF_ZERO = Initializer.repeat(5);

  /**
   * Numbers of a hidden layer that are computed at a time: half a megabyte. Fewer cost more in
   * calls than the cache gives back, more the other way round.
   */
  private static final int HOST_NUMBERS = 1 << 17;

  private static final int DEVICE_NUMBERS = 1 << 22;

  /**
   * How steep units are in the number itself, at the start. Its share of the usual start, one input
   * among many codes, is nearly flat: the net then takes ten times as long to tell apart what lies
   * close together.
   */
  private static final double STEEP = 2;

  private final EnergyConfig.Unit unit;
  private final int hidden;
  private final Linear first;
  private final List<Linear[]> blocks = new ArrayList<>();
  private final Dropout dropout;
  private final Linear last;

  EnergyNet(ParameterScope scope, EnergyConfig config, double dropout) {
    this.hidden = config.energyHidden();
    this.unit = config.energyUnit();
    this.dropout = new Dropout(dropout);
    int inputs = 1 + config.codeSize();
    double bound = 1 / Math.sqrt(inputs);
    first =
        new Linear(scope.child("first"), inputs, hidden, steep(inputs), Initializer.uniform(bound));
    for (int i = 0; i < config.energyBlocks(); i++) {
      ParameterScope own = scope.child("block" + i);
      blocks.add(
          new Linear[] {
            new Linear(own.child("first"), hidden, hidden),
            new Linear(own.child("second"), hidden, hidden, SMALL, SMALL)
          });
    }
    // On top of a proposal, no energy at all is where to start: the proposal itself.
    Initializer start = config.tilted() ? SMALL : Initializer.uniform(1 / Math.sqrt(hidden));
    last = new Linear(scope.child("last"), hidden, 1, start, CLEAR_OF_ZERO);
  }

  /** The usual start but for the first input. */
  private static Initializer steep(int inputs) {
    double usual = 1 / Math.sqrt(inputs);
    return (size, random) -> {
      double[] out = new double[size];
      for (int i = 0; i < size; i++) {
        out[i] = (i % inputs == 0 ? STEEP : usual) * (2 * random.nextDouble() - 1);
      }
      return out;
    };
  }

  /** Rows that are best computed at a time: fewer cost more calls, more leave the cache. */
  int rowsAtOnce(Engine engine) {
    return Math.max(64, (engine.hostViews() ? HOST_NUMBERS : DEVICE_NUMBERS) / hidden);
  }

  /** The net on a tape. */
  Bound bind(Binding binding) {
    List<Dense> layers = new ArrayList<>();
    layers.add(first.bind(binding));
    List<Optional<Function<Shape, NDArray>>> masks = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      layers.add(blocks.get(i)[0].bind(binding));
      layers.add(blocks.get(i)[1].bind(binding));
      masks.add(dropout.masks(binding.child("block" + i)));
    }
    layers.add(last.bind(binding));
    return (points, codes) -> {
      List<NDArray> inputs = new ArrayList<>();
      inputs.add(codes);
      for (Dense layer : layers) {
        inputs.add(layer.weight());
        inputs.add(layer.bias());
      }
      inputs.add(points);
      Shape units = new Shape(points.getShape().size(), hidden);
      masks.forEach(mask -> mask.ifPresent(of -> inputs.add(of.apply(units))));
      boolean drops = masks.stream().anyMatch(Optional::isPresent);
      EnergyOperation operation = new EnergyOperation(blocks.size(), unit, drops);
      return binding.tape().apply(operation, inputs.toArray(NDArray[]::new)).get(0);
    };
  }

  /** The net on a tape. */
  @FunctionalInterface
  interface Bound {
    /**
     * The negative energies of K numbers for each of G conditionals.
     *
     * @param points {@code [G, K]}; nothing flows back to them
     * @param codes {@code [G, C]}
     * @return {@code [G, K]}, at most 0, in nats
     */
    NDArray apply(NDArray points, NDArray codes);
  }
}
