package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.SplittableRandom;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.NetSize;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.ResMade;
import org.thalweg.toolkit.nn.Walk;

/**
 * The masked net that reads each column's code and proposal from the columns before it (Durkan and
 * Nash, 2019, section 3.1). The paper has one net for both; the proposal may have one of its own.
 */
final class Conditioner {
  /**
   * Standardised numbers are stretched before the masked net sees them: it learns details sooner.
   */
  private static final double STRETCH = 2;

  private final Proposal proposal;
  private final int dimension;
  private final int codeSize;
  private final ResMade trunk;
  private final Optional<ResMade> ofProposal;

  Conditioner(
      ParameterScope scope, int dimension, int context, AemConfig config, Proposal proposal) {
    this.proposal = proposal;
    this.dimension = dimension;
    this.codeSize = config.energy().codeSize();
    int hidden = Math.max(config.hidden(), ResMade.narrowest(dimension, context));
    NetSize size = new NetSize(hidden, config.blocks(), config.dropout());
    boolean separate = config.separateTrunks() && proposal.outputs() > 0;
    double[] start = proposal.start();
    double[] shared = separate ? new double[0] : start;
    trunk =
        new ResMade(
            scope.child("trunk"),
            dimension,
            context,
            size,
            codeSize + shared.length,
            head(hidden, codeSize, shared));
    ofProposal =
        separate
            ? Optional.of(
                new ResMade(
                    scope.child("proposal"), dimension, context, size, start.length, near(start)))
            : Optional.empty();
  }

  private static Head near(double[] start) {
    return Head.near(start);
  }

  /** Codes start as any layer's outputs do, the proposal's parameters close to a pattern. */
  private static Head head(int hidden, int codeSize, double[] pattern) {
    double bound = 1 / Math.sqrt(hidden);
    int each = codeSize + pattern.length;
    Initializer weight =
        (size, random) -> {
          double[] out = new double[size];
          for (int i = 0; i < size; i++) {
            out[i] = uniform(random, i / hidden % each < codeSize ? bound : 1e-3);
          }
          return out;
        };
    Initializer bias =
        (size, random) -> {
          double[] out = new double[size];
          for (int i = 0; i < size; i++) {
            int k = i % each;
            out[i] = k < codeSize ? uniform(random, bound) : pattern[k - codeSize];
          }
          return out;
        };
    return new Head(weight, bias);
  }

  private static double uniform(SplittableRandom random, double bound) {
    return bound * (2 * random.nextDouble() - 1);
  }

  /** The net on a tape. */
  Bound bind(Binding binding) {
    ResMade.Bound main = trunk.bind(binding.child("trunk"));
    Optional<ResMade.Bound> other = ofProposal.map(net -> net.bind(binding.child("proposal")));
    return context ->
        new Given(binding.tape(), main.given(context), other.map(net -> net.given(context)));
  }

  /** A net that waits for its contexts. */
  @FunctionalInterface
  interface Bound {
    /** The net for a batch of contexts, one a row. */
    Given given(Optional<NDArray> context);
  }

  /** The net for a batch of contexts. */
  final class Given {
    private final Tape tape;
    private final ResMade.Conditioned main;
    private final Optional<ResMade.Conditioned> other;

    private Given(Tape tape, ResMade.Conditioned main, Optional<ResMade.Conditioned> other) {
      this.tape = tape;
      this.main = main;
      this.other = other;
    }

    /**
     * The conditionals of all columns in one pass.
     *
     * @param x {@code [N, D]}, standardised
     */
    Conditionals all(NDArray x) {
      NDArray stretched = x.mul(Ops.number(x, STRETCH));
      NDArray outputs = main.apply(stretched);
      NDArray codes =
          outputs.get(new NDIndex(":, :, 0:{}", codeSize)).reshape(new Shape(-1, codeSize));
      NDArray rest =
          other
              .map(net -> net.apply(stretched))
              .orElseGet(() -> outputs.get(new NDIndex(":, :, {}:", codeSize)));
      return new Conditionals(codes, proposal.parameters(tape, rest));
    }

    /** Starts a walk through the columns, where each value is drawn from its conditional. */
    Steps walk(long rows) {
      return new Steps(tape, main.walk(rows), other.map(net -> net.walk(rows)));
    }
  }

  /** A walk through the columns. */
  final class Steps {
    private final Tape tape;
    private final Walk main;
    private final Optional<Walk> other;
    private int column;

    private Steps(Tape tape, Walk main, Optional<Walk> other) {
      this.tape = tape;
      this.main = main;
      this.other = other;
    }

    /** The conditionals of the next column, one a row. */
    Conditionals next() {
      NDArray outputs = main.outputs();
      NDArray codes = outputs.get(new NDIndex(":, 0:{}", codeSize));
      NDArray rest =
          other.map(Walk::outputs).orElseGet(() -> outputs.get(new NDIndex(":, {}:", codeSize)));
      return new Conditionals(codes, proposal.parameters(tape, rest, column));
    }

    /** Sets the values {@code [N, 1]} of that column. */
    void accept(NDArray values) {
      NDArray stretched = values.mul(Ops.number(values, STRETCH));
      main.accept(stretched);
      other.ifPresent(walk -> walk.accept(stretched));
      column++;
    }
  }

  /** D, the number of columns. */
  int dimension() {
    return dimension;
  }
}
