package org.thalweg.tck;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.HostArray;
import org.thalweg.api.engine.Tape;

/** Of a and b of one shape: exp(a) sin(b), and a b; each with its derivative by hand. */
final class ExpSine implements CustomOperation {
  @Override
  public String name() {
    return "exp-sine";
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
      put(outputs.get(0), i, Math.exp(a[i]) * Math.sin(b[i]));
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
    double[] y = outputs.get(0).toDoubles();
    double[] u = cotangents.get(0).toDoubles();
    double[] v = cotangents.get(1).toDoubles();
    for (int i = 0; i < a.length; i++) {
      put(inputCotangents.get(0), i, u[i] * y[i] + v[i] * b[i]);
      put(inputCotangents.get(1), i, u[i] * Math.exp(a[i]) * Math.cos(b[i]) + v[i] * a[i]);
    }
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray a = inputs.get(0);
    NDArray b = inputs.get(1);
    return new NDList(a.exp().mul(b.sin()), a.mul(b));
  }

  private static void put(HostArray array, int i, double value) {
    if (array.type() == DataType.FLOAT64) {
      array.doubles().put(i, value);
    } else {
      array.floats().put(i, (float) value);
    }
  }
}
