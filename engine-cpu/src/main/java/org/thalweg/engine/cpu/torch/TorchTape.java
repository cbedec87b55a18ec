package org.thalweg.engine.cpu.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.engine.CustomOperation;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * A tape over libtorch's own recording. libtorch differentiates what it recorded; custom operations
 * cut its graph, and are differentiated in reverse order of their application.
 */
final class TorchTape implements Tape {
  private final TorchEngine engine;
  private final PtNDManager manager;
  private final Mode mode;
  private final Thread thread = Thread.currentThread();
  private final boolean gradModeBefore;
  private final Operands operands = new Operands();

  private final Map<Parameter, PtNDArray> parameters = new IdentityHashMap<>();
  private final Set<NDArray> variables = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Leaves leaves = new Leaves();
  private final List<Call> calls = new ArrayList<>();
  private final List<ScriptedCall> scripted = new ArrayList<>();
  private boolean finished;
  private boolean closed;

  TorchTape(TorchEngine engine, PtNDManager manager, Mode mode) {
    this.engine = engine;
    this.manager = manager;
    this.mode = mode;
    // Both are properties of the thread in libtorch: workers are our threads, one each.
    JniUtils.setNumThreads(1);
    gradModeBefore = JniUtils.isGradMode();
    JniUtils.setGradMode(mode != Mode.EVALUATE);
  }

  @Override
  public Mode mode() {
    return mode;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public PtNDManager manager() {
    return manager;
  }

  @Override
  public NDArray parameter(Parameter parameter) {
    check();
    return parameters.computeIfAbsent(parameter, this::view);
  }

  private PtNDArray view(Parameter parameter) {
    PtNDArray view =
        (PtNDArray) parameter.storage().view(manager, parameter.offset(), parameter.shape());
    return parameter.trainable() ? leaf(view) : view;
  }

  @Override
  public NDArray argument(Parameter parameter) {
    if (mode == Mode.SECOND_ORDER) {
      return parameter(parameter);
    }
    check();
    PtNDArray array = (PtNDArray) parameter.lasting(engine, engine::lasting);
    if (mode == Mode.FIRST_ORDER && parameter.trainable()) {
      leaves.addShared(array);
    }
    return array;
  }

  @Override
  public NDArray constant(double[] values, Shape shape) {
    check();
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "A constant of shape " + shape + " does not have " + values.length + " elements.");
    }
    if (!engine.hostViews()) {
      return toDevice(values, shape);
    }
    PtNDArray constant = manager.create(shape, engine.dataType());
    HostViews.inPlace(constant).set(values);
    return constant;
  }

  private NDArray toDevice(double[] values, Shape shape) {
    if (engine.dataType() == DataType.FLOAT64) {
      return engine.upload().send(manager, DoubleBuffer.wrap(values), shape, DataType.FLOAT64);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return engine.upload().send(manager, FloatBuffer.wrap(floats), shape, DataType.FLOAT32);
  }

  @Override
  public NDArray indices(long[] values) {
    check();
    Shape shape = new Shape(values.length);
    LongBuffer buffer = LongBuffer.wrap(values);
    return engine.hostViews()
        ? manager.create(buffer, shape, DataType.INT64)
        : engine.upload().send(manager, buffer, shape, DataType.INT64);
  }

  @Override
  public NDArray variable(NDArray array) {
    check();
    // A copy, so that the leaf outlives the argument and its memory.
    NDArray copy = array.duplicate();
    copy.attach(manager);
    variables.add(copy);
    return leaf((PtNDArray) copy);
  }

  private PtNDArray leaf(PtNDArray array) {
    if (mode != Mode.EVALUATE) {
      leaves.add(array);
    }
    return array;
  }

  @Override
  public NDList apply(CustomOperation operation, NDArray... inputs) {
    check();
    if (mode == Mode.SECOND_ORDER || !engine.hostViews()) {
      return operation.composed(this, new NDList(inputs));
    }
    requireOpenGraph("apply");
    List<PtNDArray> arrays = new ArrayList<>();
    for (NDArray input : inputs) {
      if (input.getDataType() != inputs[0].getDataType()) {
        throw new IllegalArgumentException(
            "The inputs of '"
                + operation.name()
                + "' are of different types: "
                + inputs[0].getDataType()
                + " and "
                + input.getDataType()
                + ".");
      }
      arrays.add((PtNDArray) input);
    }
    CustomCall call = withoutGradient(() -> CustomCall.forward(operation, arrays, leaves, manager));
    if (mode == Mode.FIRST_ORDER && call.differentiable()) {
      call.outputs().forEach(this::leaf);
      calls.add(call);
    }
    return list(call.outputs());
  }

  @Override
  public NDList apply(ScriptedOperation operation, NDArray... inputs) {
    check();
    if (mode == Mode.SECOND_ORDER) {
      return operation.composed(this, new NDList(inputs));
    }
    requireOpenGraph("apply");
    List<PtNDArray> arrays = Arrays.stream(inputs).map(PtNDArray.class::cast).toList();
    List<PtNDArray> first = arrays.subList(0, operation.differentiable());
    List<Boolean> counts =
        mode == Mode.EVALUATE ? List.of() : first.stream().map(leaves::reach).toList();
    Program program = engine.program(operation);
    Program.Result result = withoutGradient(() -> program.forward(manager, arrays));
    if (!counts.contains(true)) {
      result.close();
      return list(result.outputs());
    }
    result.outputs().forEach(this::leaf);
    ScriptedCall call = new ScriptedCall(program, first, counts, result);
    calls.add(call);
    scripted.add(call);
    return list(result.outputs());
  }

  @Override
  public void backward(NDArray loss) {
    check();
    requireRecording("backward");
    requireOpenGraph("backward");
    if (loss.size() != 1) {
      throw new IllegalArgumentException("A loss is a scalar, got shape " + loss.getShape() + ".");
    }
    finished = true;
    if (!Backward.differentiable((PtNDArray) loss)) {
      return; // It depends on no leaf: every gradient is zero.
    }
    propagate(List.of((PtNDArray) loss), List.of((PtNDArray) loss.onesLike()));
  }

  /** Backward through libtorch's graph from the roots, then through the custom operations. */
  private void propagate(List<PtNDArray> roots, List<PtNDArray> seeds) {
    withoutGradient(
        () -> {
          Backward.from(engine.autograd(), manager, roots, seeds);
          for (int i = calls.size() - 1; i >= 0; i--) {
            calls.get(i).backward(engine.autograd(), manager, leaves);
          }
          return null;
        });
  }

  @Override
  public NDArray gradient(Parameter parameter) {
    check();
    requireFinished();
    if (!parameter.trainable()) {
      throw new IllegalArgumentException("The parameter " + parameter + " is frozen.");
    }
    PtNDArray shared = (PtNDArray) parameter.lasting(engine, engine::lasting);
    Optional<PtNDArray> direct = leaves.direct(shared);
    PtNDArray leaf = parameters.get(parameter);
    if (leaf == null) {
      return direct.orElseGet(
          () -> (PtNDArray) manager.zeros(parameter.shape(), engine.dataType()));
    }
    PtNDArray recorded = gradientOrZeros(leaf);
    return direct.map(recorded::add).orElse(recorded);
  }

  @Override
  public NDArray gradient(NDArray variable) {
    check();
    requireFinished();
    requireLeaf(variable);
    return gradientOrZeros((PtNDArray) variable);
  }

  private PtNDArray gradientOrZeros(PtNDArray leaf) {
    return leaves
        .gradient(leaf)
        .orElseGet(() -> (PtNDArray) manager.zeros(leaf.getShape(), leaf.getDataType()));
  }

  @Override
  public NDList vjp(NDList outputs, NDList cotangents, NDList inputs) {
    check();
    requireRecording("vjp");
    requireOpenGraph("vjp");
    if (outputs.size() != cotangents.size()) {
      throw new IllegalArgumentException(
          outputs.size() + " outputs need as many cotangents, got " + cotangents.size() + ".");
    }
    inputs.forEach(this::requireLeaf);
    List<PtNDArray> roots = new ArrayList<>();
    List<PtNDArray> seeds = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      NDArray output = outputs.get(i);
      if (!output.getShape().equals(cotangents.get(i).getShape())) {
        throw new IllegalArgumentException(
            "Output "
                + i
                + " has shape "
                + output.getShape()
                + ", its cotangent "
                + cotangents.get(i).getShape()
                + ".");
      }
      if (Backward.differentiable((PtNDArray) output)) {
        roots.add((PtNDArray) output);
        seeds.add((PtNDArray) cotangents.get(i));
      }
    }
    List<PtNDArray> targets = inputs.stream().map(PtNDArray.class::cast).toList();
    if (mode == Mode.SECOND_ORDER && !roots.isEmpty()) {
      return list(engine.autograd().gradients(manager, roots, seeds, targets));
    }
    propagate(roots, seeds);
    List<PtNDArray> results = new ArrayList<>();
    for (PtNDArray target : targets) {
      PtNDArray recorded = gradientOrZeros(target);
      // What a script took of a parameter came as another array; sums and copies outlive the
      // zeroing.
      Optional<PtNDArray> direct = ofArgument(target);
      results.add(direct.map(recorded::add).orElseGet(() -> (PtNDArray) recorded.duplicate()));
    }
    leaves.clear();
    return list(results);
  }

  /** What scripts gave the parameter whose view an array is, where it is one. */
  private Optional<PtNDArray> ofArgument(PtNDArray view) {
    return parameters.entrySet().stream()
        .filter(entry -> entry.getValue() == view)
        .findFirst()
        .flatMap(
            entry -> leaves.direct((PtNDArray) entry.getKey().lasting(engine, engine::lasting)));
  }

  private static NDList list(List<PtNDArray> arrays) {
    return new NDList(arrays.toArray(NDArray[]::new));
  }

  private <T> T withoutGradient(Supplier<T> body) {
    if (mode == Mode.EVALUATE) {
      return body.get(); // It is off already.
    }
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return body.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private void requireLeaf(NDArray array) {
    // The outputs of custom operations are leaves too, but of the tape's own making.
    if (!variables.contains(array) && !(array instanceof PtNDArray a && trainable(a))) {
      throw new IllegalArgumentException(
          "Gradients can be asked for variables and trainable parameters of the same tape only.");
    }
  }

  private boolean trainable(PtNDArray array) {
    return leaves.contains(array) && parameters.containsValue(array);
  }

  private void requireRecording(String what) {
    if (mode == Mode.EVALUATE) {
      throw new IllegalStateException("A tape in mode EVALUATE records nothing for " + what + ".");
    }
  }

  private void requireOpenGraph(String what) {
    if (finished) {
      throw new IllegalStateException(
          "This tape has gone backward already: open another one for " + what + ".");
    }
  }

  private void requireFinished() {
    if (!finished) {
      throw new IllegalStateException("There is no gradient before backward(loss).");
    }
  }

  private void check() {
    if (closed) {
      throw new IllegalStateException("The tape is closed.");
    }
    requireThread();
  }

  private void requireThread() {
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "The tape belongs to thread '"
              + thread.getName()
              + "', not to '"
              + Thread.currentThread().getName()
              + "': open one tape per thread.");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    requireThread();
    closed = true;
    JniUtils.setGradMode(gradModeBefore);
    scripted.forEach(ScriptedCall::close);
    manager.close();
    engine.uploaded(operands.count());
    operands.close();
  }
}
