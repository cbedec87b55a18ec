package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/** Matrix products of scripts with bfloat16 factors, beside the same in Java. */
class RoundedProductsTest {
  private static final int ROWS = 20;
  private static final int INNER = 30;
  private static final int COLUMNS = 10;

  /** c + a b, in each of the forms that are rounded. */
  private record Product(boolean rounds) implements ScriptedOperation {
    @Override
    public String forward() {
      return """
          _ = torch.append(outputs, torch.addmm(inputs[2], inputs[0], inputs[1]))
          p = torch.mm(inputs[0], inputs[1])
          _ = torch.append(outputs, torch.addmm_(torch.zeros_like(p), inputs[0], inputs[1]))
          """;
    }

    @Override
    public String vjp() {
      return """
          _ = torch.append(results, torch.mm(cotangents[0], torch.t(inputs[1])))
          _ = torch.append(results, torch.mm(torch.t(inputs[0]), cotangents[0]))
          """;
    }

    @Override
    public int differentiable() {
      return 2;
    }

    @Override
    public NDList composed(Tape tape, NDList inputs) {
      NDArray product = inputs.get(0).matMul(inputs.get(1));
      return new NDList(inputs.get(2).add(product), product);
    }
  }

  private static TorchEngine engine() {
    var options = new EngineOptions(1, Precision.BFLOAT16, List.of(0));
    return new TorchEngine("blind", List.of(Device.cpu()), options, false, Scripts.AS_WRITTEN);
  }

  /** To the nearest number with 8 bits of the mantissa; of two as near, the even one. */
  private static double bfloat16(double x) {
    int bits = Float.floatToRawIntBits((float) x);
    int even = (bits >>> 16) & 1;
    return Float.intBitsToFloat((bits + 0x7fff + even) & 0xffff0000);
  }

  private static double[] random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return random.doubles(n, -1, 1).map(v -> (float) v).toArray();
  }

  @Test
  void factorsAndResultsHaveEightBits() {
    double[] a = random(ROWS * INNER, 1);
    double[] b = random(INNER * COLUMNS, 2);
    double[] c = random(ROWS * COLUMNS, 3);
    double[] product = new double[ROWS * COLUMNS];
    double[] ofA = new double[ROWS * INNER];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        for (int k = 0; k < INNER; k++) {
          product[i * COLUMNS + j] += bfloat16(a[i * INNER + k]) * bfloat16(b[k * COLUMNS + j]);
          ofA[i * INNER + k] += bfloat16(b[k * COLUMNS + j]);
        }
      }
    }
    try (TorchEngine engine = engine();
        Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      assertEquals("bfloat16", engine.describe().get("precision"));
      assertTrue(!engine.rounded(), "nothing was computed yet");
      NDArray x = tape.variable(tape.constant(a, new Shape(ROWS, INNER)));
      NDArray y = tape.variable(tape.constant(b, new Shape(INNER, COLUMNS)));
      NDArray z = tape.constant(c, new Shape(ROWS, COLUMNS));
      NDList out = tape.apply(new Product(true), x, y, z);
      assertTrue(engine.rounded());
      double[] plain = Engines.numbers(out.get(1));
      double[] added = Engines.numbers(out.get(0));
      for (int i = 0; i < product.length; i++) {
        // Half a unit of the last of 8 bits, and what the sum in single precision loses.
        assertEquals(product[i], plain[i], Math.abs(product[i]) / 256 + 1e-5);
        assertEquals(bfloat16(plain[i]), plain[i], "more than 8 bits");
        assertEquals((float) c[i] + (float) plain[i], added[i], 1e-6, "the summand is not rounded");
      }
      tape.backward(out.get(0).sum());
      double[] gradient = Engines.numbers(tape.gradient(x));
      for (int i = 0; i < ofA.length; i++) {
        assertEquals(ofA[i], gradient[i], Math.abs(ofA[i]) / 256 + 1e-5);
      }
    }
  }

  @Test
  void aMapWhoseDeterminantCountsIsNotRounded() {
    double[] a = random(ROWS * INNER, 1);
    double[] b = random(INNER * COLUMNS, 2);
    double[] c = random(ROWS * COLUMNS, 3);
    double[][] sums = new double[2][];
    for (int i = 0; i < 2; i++) {
      try (TorchEngine engine = i == 0 ? engine() : Engines.blind(Precision.FLOAT32.dataType());
          Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
        NDList out =
            tape.apply(
                new Product(false),
                tape.constant(a, new Shape(ROWS, INNER)),
                tape.constant(b, new Shape(INNER, COLUMNS)),
                tape.constant(c, new Shape(ROWS, COLUMNS)));
        sums[i] = Engines.numbers(out.get(0));
        assertEquals(i == 1, engine.rounded());
      }
    }
    assertArrayEquals(sums[1], sums[0]);
  }
}
