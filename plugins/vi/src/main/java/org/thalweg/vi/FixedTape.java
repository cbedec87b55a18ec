package org.thalweg.vi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/** Another tape on which parameters are constants: what is computed depends on arguments alone. */
record FixedTape(Tape tape) implements Tape {
  @Override
  public Mode mode() {
    return tape.mode();
  }

  @Override
  public Engine engine() {
    return tape.engine();
  }

  @Override
  public NDManager manager() {
    return tape.manager();
  }

  @Override
  public NDArray parameter(Parameter parameter) {
    return tape.parameter(parameter).stopGradient();
  }

  @Override
  public NDArray constant(double[] values, Shape shape) {
    return tape.constant(values, shape);
  }

  @Override
  public NDArray indices(long[] values) {
    return tape.indices(values);
  }

  @Override
  public NDArray variable(NDArray array) {
    return tape.variable(array);
  }

  @Override
  public NDList apply(CustomOperation operation, NDArray... inputs) {
    return tape.apply(operation, inputs);
  }

  @Override
  public NDList apply(ScriptedOperation operation, NDArray... inputs) {
    return tape.apply(operation, inputs);
  }

  @Override
  public void backward(NDArray loss) {
    tape.backward(loss);
  }

  @Override
  public NDArray gradient(Parameter parameter) {
    return tape.gradient(parameter);
  }

  @Override
  public NDArray gradient(NDArray variable) {
    return tape.gradient(variable);
  }

  @Override
  public NDList vjp(NDList outputs, NDList cotangents, NDList inputs) {
    return tape.vjp(outputs, cotangents, inputs);
  }

  @Override
  public void close() {
    tape.close();
  }
}
