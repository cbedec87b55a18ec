package org.thalweg.vmonf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.nn.Ops;

/** log p(c): fixed by the user, or learnt as the softmax of free numbers. */
final class ComponentWeights {
  private static final String UNIFORM = "uniform";
  private static final String LEARNED = "learned";

  private final double[] given;
  private final Optional<Parameter> free;

  ComponentWeights(ParameterScope scope, String option, int components) {
    given = parse(option, components);
    free =
        option.equals(LEARNED)
            ? Optional.of(scope.parameter("weights", new Shape(components), Initializer.ZEROS))
            : Optional.empty();
  }

  /**
   * The weights of an option; equal ones where they are to be learnt.
   *
   * @throws ThalwegException exit code 2 for what is no distribution over the components
   */
  static double[] parse(String option, int components) {
    double[] out = new double[components];
    Arrays.fill(out, 1.0 / components);
    if (option.equals(UNIFORM) || option.equals(LEARNED)) {
      return out;
    }
    try {
      double[] numbers =
          Arrays.stream(option.split(","))
              .mapToDouble(v -> Double.parseDouble(v.strip()))
              .toArray();
      double sum = Arrays.stream(numbers).sum();
      boolean valid =
          numbers.length == components
              && Arrays.stream(numbers).allMatch(v -> v > 0)
              && Math.abs(sum - 1) < 1e-6;
      if (valid) {
        return Arrays.stream(numbers).map(v -> v / sum).toArray();
      }
    } catch (NumberFormatException e) {
      // Said below, as for numbers that are no weights.
    }
    throw ThalwegException.usage(
        "Option 'weights' takes uniform, learned, or %d positive numbers with a sum of 1, one a"
            + " component; got '%s'.",
        components, option);
  }

  /** log p(c), {@code [K]}. */
  NDArray log(Tape tape) {
    return free.map(parameter -> Ops.logSoftmax(tape.parameter(parameter)))
        .orElseGet(
            () ->
                tape.constant(
                    Arrays.stream(given).map(Math::log).toArray(), new Shape(given.length)));
  }
}
