package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.HostArray;

/**
 * A custom operation that was applied, over the memory of its inputs and outputs.
 *
 * <p>libtorch knows nothing of it: the outputs are leaves, at which libtorch's own backward stops,
 * and {@link #backward} carries on from there.
 */
final class CustomCall implements Call {
  private final CustomOperation operation;
  private final List<PtNDArray> inputs;
  private final List<HostArray> inputViews;
  private final List<Boolean> differentiable;
  private final List<PtNDArray> outputs;
  private final List<HostArray> outputViews;

  private CustomCall(
      CustomOperation operation, List<PtNDArray> inputs, Leaves leaves, List<PtNDArray> outputs) {
    this.operation = operation;
    this.inputs = inputs;
    this.inputViews = inputs.stream().map(HostViews::inPlace).toList();
    this.differentiable = inputs.stream().map(leaves::reach).toList();
    this.outputs = outputs;
    this.outputViews = outputs.stream().map(HostViews::inPlace).toList();
  }

  /** Computes the outputs, on {@code manager}; grad mode must be off. */
  static CustomCall forward(
      CustomOperation operation, List<PtNDArray> inputs, Leaves leaves, PtNDManager manager) {
    List<Shape> shapes = inputs.stream().map(PtNDArray::getShape).toList();
    List<PtNDArray> outputs =
        operation.outputShapes(shapes).stream()
            .map(shape -> manager.create(shape, inputs.get(0).getDataType()))
            .toList();
    CustomCall call = new CustomCall(operation, inputs, leaves, outputs);
    operation.forward(call.inputViews, call.outputViews);
    return call;
  }

  List<PtNDArray> outputs() {
    return outputs;
  }

  boolean differentiable() {
    return differentiable.contains(true);
  }

  @Override
  public void backward(Autograd autograd, PtNDManager manager, Leaves leaves) {
    List<Optional<PtNDArray>> gradients = new ArrayList<>();
    for (PtNDArray output : outputs) {
      requireOpen(output, "output");
      gradients.add(leaves.gradient(output));
    }
    if (gradients.stream().allMatch(Optional::isEmpty)) {
      return; // Nothing depends on the outputs.
    }
    inputs.forEach(input -> requireOpen(input, "input"));
    List<HostArray> cotangents = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      PtNDArray output = outputs.get(i);
      cotangents.add(HostViews.inPlace(gradients.get(i).orElseGet(() -> zeros(manager, output))));
    }
    List<PtNDArray> results =
        inputs.stream()
            .map(input -> manager.create(input.getShape(), input.getDataType()))
            .toList();
    List<HostArray> resultViews = results.stream().map(HostViews::inPlace).toList();
    operation.vjp(inputViews, outputViews, cotangents, resultViews);
    leaves.propagate(autograd, manager, inputs, differentiable, results);
  }

  private static PtNDArray zeros(PtNDManager manager, PtNDArray like) {
    return (PtNDArray) manager.zeros(like.getShape(), like.getDataType());
  }

  private void requireOpen(PtNDArray array, String role) {
    if (array.isReleased()) {
      throw new IllegalStateException(
          "An "
              + role
              + " of the custom operation '"
              + operation.name()
              + "' was closed before the backward pass; leave its closing to the tape.");
    }
  }
}
