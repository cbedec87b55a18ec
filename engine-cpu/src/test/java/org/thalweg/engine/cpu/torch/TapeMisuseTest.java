package org.thalweg.engine.cpu.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.Tape;

/** Uses that a tape refuses, and what it says. */
class TapeMisuseTest {
  private final TorchEngine engine = Engines.host(DataType.FLOAT64);
  private final Parameter parameter = Engines.parameter(engine, new Shape(2), 1, 2);

  @AfterEach
  void close() {
    engine.close();
  }

  private static void refused(String words, Executable use) {
    RuntimeException refusal = assertThrows(RuntimeException.class, use);
    assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
  }

  @Test
  void backwardTwice() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray loss = tape.parameter(parameter).sum();
      tape.backward(loss);
      refused("gone backward already", () -> tape.backward(loss));
      NDList lists = new NDList(loss);
      refused("gone backward already", () -> tape.vjp(lists, lists, lists));
      NDArray p = tape.parameter(parameter);
      refused("gone backward already", () -> tape.apply(new XSinX(), p, p));
    }
  }

  @Test
  void gradientBeforeBackward() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      refused("before backward", () -> tape.gradient(parameter));
    }
  }

  @Test
  void backwardFromManyNumbers() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray many = tape.parameter(parameter).square();
      refused("(2)", () -> tape.backward(many));
    }
  }

  @Test
  void backwardOnATapeThatOnlyEvaluates() {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      NDArray loss = tape.parameter(parameter).sum();
      refused("EVALUATE", () -> tape.backward(loss));
    }
  }

  @Test
  void anotherThread() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      CompletionException thrown =
          assertThrows(
              CompletionException.class,
              () -> CompletableFuture.runAsync(() -> tape.parameter(parameter)).join());
      assertTrue(thrown.getCause().getMessage().contains("belongs to thread"));
    }
  }

  @Test
  void afterClose() {
    Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER);
    tape.close();
    tape.close();
    refused("closed", () -> tape.parameter(parameter));
    engine.close();
    refused("closed", () -> engine.newTape(Tape.Mode.EVALUATE));
  }

  @Test
  void gradientsOfFrozenParametersAndOfForeignArrays() {
    Parameter frozen = new Parameter("mean", new Shape(2), false, parameter.storage(), 0);
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray product = tape.parameter(frozen).mul(tape.parameter(parameter));
      tape.backward(product.sum());
      refused("mean(2) is frozen", () -> tape.gradient(frozen));
      refused("of the same tape", () -> tape.gradient(product));
    }
  }

  /** They are leaves of libtorch's graph too, but of the tape's own making. */
  @Test
  void gradientsOfACustomOperationsOutputsAndOfAnotherTapesVariables() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER);
        Tape other = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray variable = tape.variable(tape.constant(new double[] {1, 2}, new Shape(2)));
      NDArray foreign = other.variable(other.constant(new double[] {1, 2}, new Shape(2)));
      NDArray output = tape.apply(new XSinX(), variable, variable).get(0);
      NDList one = new NDList(output.onesLike());
      refused("of the same tape", () -> tape.vjp(new NDList(output), one, new NDList(output)));
      refused("of the same tape", () -> tape.vjp(new NDList(output), one, new NDList(foreign)));
      tape.backward(output.sum());
      refused("of the same tape", () -> tape.gradient(output));
      refused("of the same tape", () -> tape.gradient(foreign));
      assertEquals(2, tape.gradient(variable).size());
    }
  }

  @Test
  void aConstantOfTheWrongSize() {
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      refused("(3)", () -> tape.constant(new double[2], new Shape(3)));
    }
  }

  @Test
  void anInputThatWasClosedBeforeBackward() {
    try (Tape tape = engine.newTape(Tape.Mode.FIRST_ORDER)) {
      NDArray h = tape.parameter(parameter).exp();
      NDArray loss = tape.apply(new XSinX(), h, h).get(0).sum();
      h.close();
      refused("x-sin-x", () -> tape.backward(loss));
    }
  }

  @Test
  void gradModeIsWhatItWasBefore() {
    for (boolean before : new boolean[] {false, true}) {
      JniUtils.setGradMode(before);
      try (Tape outer = engine.newTape(Tape.Mode.FIRST_ORDER)) {
        assertTrue(JniUtils.isGradMode());
        try (Tape inner = engine.newTape(Tape.Mode.EVALUATE)) {
          assertEquals(Tape.Mode.EVALUATE, inner.mode());
          assertEquals(false, JniUtils.isGradMode());
        }
        outer.backward(outer.parameter(parameter).sum());
        assertTrue(JniUtils.isGradMode());
      }
      assertEquals(before, JniUtils.isGradMode());
    }
  }
}
