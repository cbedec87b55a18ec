package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * A compiled script gives the same numbers, in its first call, in later ones, and for new sizes.
 */
class FusedScriptsTest {
  /** a exp(b), of one shape. */
  private record ProductWithExp() implements ScriptedOperation {
    @Override
    public int differentiable() {
      return 2;
    }

    @Override
    public String forward() {
      return """
          e = torch.exp(inputs[1])
          _ = torch.append(kept, e)
          _ = torch.append(outputs, torch.mul(inputs[0], e))
          """;
    }

    @Override
    public String vjp() {
      return """
          g = torch.mul(cotangents[0], kept[0])
          _ = torch.append(results, g)
          _ = torch.append(results, torch.mul(g, inputs[0]))
          """;
    }

    @Override
    public NDList composed(Tape tape, NDList inputs) {
      return new NDList(inputs.get(0).mul(inputs.get(1).exp()));
    }
  }

  @Test
  void everyCallGivesTheValueAndItsGradients() {
    try (TorchEngine engine = Engines.fused(DataType.FLOAT64)) {
      // The executor looks at the first calls, compiles, and meets other sizes later.
      for (int size : new int[] {5, 5, 5, 5, 3, 3, 7, 5, 1, 2, 4, 6, 8, 9, 10, 11, 12, 13, 5}) {
        double[] a = IntStream.range(0, size).mapToDouble(i -> 0.3 * i - 1).toArray();
        double[] b = IntStream.range(0, size).mapToDouble(i -> 0.7 - 0.2 * i).toArray();
        try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray x = tape.variable(tape.constant(a, new Shape(size)));
          NDArray y = tape.variable(tape.constant(b, new Shape(size)));
          NDArray value = tape.apply(new ProductWithExp(), x, y).get(0);
          tape.backward(value.square().sum());
          double[] product = each(size, i -> a[i] * Math.exp(b[i]));
          assertArrayEquals(product, Engines.numbers(value), 1e-12);
          assertArrayEquals(
              each(size, i -> 2 * product[i] * Math.exp(b[i])),
              Engines.numbers(tape.gradient(x)),
              1e-12);
          assertArrayEquals(
              each(size, i -> 2 * product[i] * product[i]),
              Engines.numbers(tape.gradient(y)),
              1e-12);
        }
      }
    }
  }

  private static double[] each(int size, IntToDoubleFunction value) {
    return IntStream.range(0, size).mapToDouble(value).toArray();
  }

  /** A fit is not to be resumed as one of other digits. */
  @Test
  void itsNumbersHaveANameOfTheirOwn() {
    try (TorchEngine fused = Engines.fused(DataType.FLOAT32);
        TorchEngine other = Engines.blind(DataType.FLOAT32)) {
      assertEquals("blind float32", other.numbers());
      assertEquals("blind float32 fused", fused.numbers());
      assertEquals("fused", fused.describe().get("scripts"));
    }
  }
}
