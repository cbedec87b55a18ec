package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Engine;
import org.thalweg.toolkit.nn.Dense;
import org.thalweg.toolkit.nn.Dropout;
import org.thalweg.toolkit.nn.Linear;
import org.thalweg.toolkit.nn.Ops;

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

  /** Numbers of a hidden layer that are computed at a time: half a megabyte stays in the cache. */
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
    List<Block> bound = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      Linear[] block = blocks.get(i);
      bound.add(
          new Block(
              block[0].bind(binding),
              block[1].bind(binding),
              dropout.bind(binding.child("block" + i))));
    }
    return new Bound(first.bind(binding), bound, last.bind(binding));
  }

  private record Block(Dense first, Dense second, UnaryOperator<NDArray> dropout) {}

  /** The net on a tape. */
  final class Bound {
    private final Dense code;
    private final NDArray slope;
    private final List<Block> body;
    private final Dense head;

    private Bound(Dense input, List<Block> body, Dense head) {
      NDArray weight = input.weight();
      this.code = new Dense(weight.get(new NDIndex(":, 1:")), input.bias());
      this.slope = weight.get(new NDIndex(":, 0")).reshape(new Shape(1, 1, -1));
      this.body = body;
      this.head = head;
    }

    /**
     * The negative energies of K numbers for each of G conditionals.
     *
     * @param points {@code [G, K]}
     * @param codes {@code [G, C]}
     * @return {@code [G, K]}, at most 0, in nats
     */
    NDArray apply(NDArray points, NDArray codes) {
      long g = points.getShape().get(0);
      long k = points.getShape().get(1);
      long width = slope.getShape().get(2);
      NDArray ofCode = code.apply(codes).reshape(new Shape(g, 1, width));
      // What follows closes and overwrites as it goes: memory that is used again stays in the
      // cache.
      NDArray h =
          points
              .reshape(new Shape(g, k, 1))
              .mul(slope)
              .addi(ofCode)
              .reshape(new Shape(g * k, width));
      for (Block block : body) {
        NDArray update = update(block, h);
        h.addi(update);
        update.close();
      }
      NDArray active = unit.apply(h);
      h.close();
      NDArray raw = head.apply(active);
      active.close();
      return Ops.softplus(raw).neg().reshape(new Shape(g, k));
    }

    private NDArray update(Block block, NDArray h) {
      NDArray before = unit.apply(h);
      NDArray inside = block.first.apply(before);
      before.close();
      NDArray active = unit.apply(inside);
      inside.close();
      NDArray kept = block.dropout.apply(active);
      NDArray update = block.second.apply(kept);
      kept.close();
      active.close();
      return update;
    }
  }
}
