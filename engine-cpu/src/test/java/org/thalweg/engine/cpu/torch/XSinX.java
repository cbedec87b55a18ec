package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Tape;

/** Of a and b of one shape: a sin(a) + b, and a b; each with its derivative by hand. */
final class XSinX implements CustomOperation {
  @Override
  public String name() {
    return "x-sin-x";
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(inputs.get(0), inputs.get(0));
  }

  @Override
  public void forward(List<HostArray> inputs, List<HostArray> outputs) {
    double[] a = inputs.get(0).toDoubles();
    double[] b = inputs.get(1).toDoubles();
    for (int i = 0; i < a.length; i++) {
      put(outputs.get(0), i, a[i] * Math.sin(a[i]) + b[i]);
      put(outputs.get(1), i, a[i] * b[i]);
    }
  }

  @Override
  public void vjp(
      List<HostArray> inputs,
      List<HostArray> outputs,
      List<HostArray> cotangents,
      List<HostArray> inputCotangents) {
    double[] a = inputs.get(0).toDoubles();
    double[] b = inputs.get(1).toDoubles();
    double[] u = cotangents.get(0).toDoubles();
    double[] v = cotangents.get(1).toDoubles();
    for (int i = 0; i < a.length; i++) {
      double slope = Math.sin(a[i]) + a[i] * Math.cos(a[i]);
      put(inputCotangents.get(0), i, u[i] * slope + v[i] * b[i]);
      put(inputCotangents.get(1), i, u[i] + v[i] * a[i]);
    }
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray a = inputs.get(0);
    NDArray b = inputs.get(1);
    return new NDList(a.mul(a.sin()).add(b), a.mul(b));
  }

  private static void put(HostArray array, int i, double value) {
    if (array.type() == DataType.FLOAT64) {
      array.doubles().put(i, value);
    } else {
      array.floats().put(i, (float) value);
    }
  }
}
