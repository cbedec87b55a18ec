package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;

/**
 * A masked residual net whose P outputs for dimension d depend on the dimensions before d, and on
 * the context, only (Durkan and Nash, 2019, section 3.4 and appendix A; masks after Germain and
 * others, 2015).
 *
 * <p>Hidden unit k = 1, 2, ... has degree {@code ((k - 1) mod (D - 1)) + 1} (eq. 15). With a
 * context, whose degree is 0, the cycle starts at 0 instead: otherwise the first dimension, which
 * may only see units of degree 0, would never see the context. All hidden layers have the same
 * degrees, which is why skip connections keep the order.
 */
public final class ResMade {
  private final int dimension;
  private final int perDimension;
  private final int[] degrees;
  private final MaskedLinear first;
  private final ResidualBlocks blocks;
  private final MaskedLinear last;

  /**
   * A net.
   *
   * @param scope where the parameters are declared
   * @param dimension D, at least 1
   * @param context the numbers in a context, 0 where there is none
   * @param size the layers; {@code hidden} is at least {@link #narrowest}
   * @param perDimension P, the outputs for each dimension
   * @param head the start of the last layer, whose outputs are ordered by dimension first
   */
  public ResMade(
      ParameterScope scope, int dimension, int context, NetSize size, int perDimension, Head head) {
    if (size.hidden() < narrowest(dimension, context)) {
      throw ThalwegException.usage(
          "An autoregressive net over %d dimensions needs at least %d hidden units, or the last"
              + " dimensions cannot be passed on; got hidden = %d.",
          dimension, narrowest(dimension, context), size.hidden());
    }
    this.dimension = dimension;
    this.perDimension = perDimension;
    degrees = hiddenDegrees(dimension, context, size.hidden());
    first = new MaskedLinear(scope.child("first"), inputDegrees(dimension, context), degrees);
    blocks =
        new ResidualBlocks(
            scope,
            size,
            context,
            (own, start) ->
                start
                    .map(s -> new MaskedLinear(own, degrees, degrees, s, s))
                    .orElseGet(() -> new MaskedLinear(own, degrees, degrees)));
    last =
        new MaskedLinear(
            scope.child("last"),
            degrees,
            outputDegrees(dimension, perDimension),
            head.weight(),
            head.bias());
  }

  /** The fewest hidden units with which every dimension reaches those after it. */
  public static int narrowest(int dimension, int context) {
    return Math.max(1, context > 0 ? dimension : dimension - 1);
  }

  private static int[] inputDegrees(int dimension, int context) {
    int[] degrees = new int[dimension + context];
    Arrays.setAll(degrees, i -> i < dimension ? i + 1 : 0);
    return degrees;
  }

  private static int[] hiddenDegrees(int dimension, int context, int hidden) {
    int[] degrees = new int[hidden];
    int cycle = narrowest(dimension, context);
    Arrays.setAll(degrees, k -> k % cycle + (context > 0 ? 0 : 1));
    return degrees;
  }

  /** Output d sees degrees below d: with the label d - 1 the layers' rule is the strict one. */
  private static int[] outputDegrees(int dimension, int perDimension) {
    int[] degrees = new int[dimension * perDimension];
    Arrays.setAll(degrees, i -> i / perDimension);
    return degrees;
  }

  /** The net on a tape, with the masks folded into the weights once. */
  public Bound bind(Binding binding) {
    Dense in = first.bind(binding);
    Dense out = last.bind(binding);
    ResidualBlocks.Gated gated = blocks.bind(binding);
    return context ->
        new Conditioned(binding, new InputLayer(in, dimension, context), gated.given(context), out);
  }

  /** A net that waits for its contexts. */
  @FunctionalInterface
  public interface Bound {
    /**
     * The net for a batch of contexts, which are embedded once.
     *
     * @param context {@code [N, context]}, present where the net has one
     */
    Conditioned given(Optional<NDArray> context);
  }

  /** The net for a batch of contexts; a batch has K consecutive rows for each of them. */
  public final class Conditioned {
    private final Binding binding;
    private final InputLayer input;
    private final ResidualBlocks.Given body;
    private final Dense out;

    private Conditioned(Binding binding, InputLayer input, ResidualBlocks.Given body, Dense out) {
      this.binding = binding;
      this.input = input;
      this.body = body;
      this.out = out;
    }

    /**
     * The outputs of all dimensions in one pass.
     *
     * @param x {@code [N, D]}
     * @return {@code [N, D, P]}
     */
    public NDArray apply(NDArray x) {
      Shape shape = new Shape(dimension, perDimension);
      return ResidualOperation.apply(binding.tape(), x, input, body, out, shape);
    }

    /** Starts a walk through the dimensions, where each value is known only after its outputs. */
    public Walk walk(long rows) {
      boolean numbersAlone =
          binding.tape().mode() == Tape.Mode.EVALUATE && binding.mode() == Binding.Mode.EVALUATE;
      if (numbersAlone) {
        Shape shape = new Shape(dimension, perDimension);
        return new OrderedWalk(degrees, input, body, out, shape, rows);
      }
      return new RecordedWalk(input, body, out, perDimension, rows);
    }
  }
}
