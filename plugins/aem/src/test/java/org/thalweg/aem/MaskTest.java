package org.thalweg.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.density.Binding;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.train.ParameterStore;

/** A column's code and proposal see the columns before it, the context, and nothing else. */
class MaskTest {
  @ParameterizedTest
  @CsvSource({"1,0,4", "2,0,5", "3,0,4", "7,0,25", "3,2,7", "1,1,4"})
  void conditionalsSeeWhatCameBefore(int d, int context, int hidden) {
    for (boolean separate : new boolean[] {false, true}) {
      ParameterStore store = Machines.store(Machines.DOUBLE);
      AemNets nets =
          Machines.nets(
              Machines.config("hidden", hidden, "blocks", 2, "separate-trunks", separate),
              d,
              context,
              store);
      for (int row = 0; row < d; row++) {
        try (Tape tape = Machines.DOUBLE.newTape(Tape.Mode.FIRST_ORDER)) {
          NDArray x = tape.variable(tape.constant(Machines.normal(d, 3), new Shape(1, d)));
          Optional<NDArray> given =
              context == 0
                  ? Optional.empty()
                  : Optional.of(
                      tape.variable(
                          tape.constant(Machines.normal(context, 4), new Shape(1, context))));
          Conditionals all = nets.conditioner().bind(Binding.evaluate(tape)).given(given).all(x);
          NDIndex one = new NDIndex("{}", row);
          NDArray sum =
              all.codes().get(one).square().sum().add(all.parameters().get(one).square().sum());
          NDList inputs = new NDList(x);
          given.ifPresent(inputs::add);
          NDList gradients = tape.vjp(new NDList(sum), new NDList(sum.onesLike()), inputs);
          double[] ofX = tape.engine().hostView(gradients.get(0)).toDoubles();
          for (int j = 0; j < d; j++) {
            assertEquals(j < row, ofX[j] != 0, "d conditional " + row + " / d x " + j);
          }
          if (context > 0) {
            double[] ofContext = tape.engine().hostView(gradients.get(1)).toDoubles();
            assertTrue(Arrays.stream(ofContext).allMatch(v -> v != 0));
          }
        }
      }
    }
  }
}
