package org.thalweg.toolkit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * A whole residual net as one operation: a linear layer, {@link ResidualBlocks}, a linear layer.
 *
 * <p>Inputs: the rows {@code [N, in]}; where there is a context, what it adds to the first layer
 * {@code [N, H]} and the gate of each block {@code [N, H]}; weight and bias of each layer; then, as
 * constants, the mask of the first layer, of each other layer, and the dropout of each block {@code
 * [N, H]}, where there are any. Output: {@code [N, shape]}.
 *
 * @param blocks the number of residual blocks
 * @param context whether there is a context
 * @param maskedFirst whether the first layer has a mask
 * @param masked whether the others have
 * @param dropout whether units are dropped
 * @param shape the shape of the output for one row
 */
record ResidualOperation(
    int blocks,
    boolean context,
    boolean maskedFirst,
    boolean masked,
    boolean dropout,
    List<Long> shape)
    implements ScriptedOperation {

  /** Applies a net. */
  static NDArray apply(
      Tape tape, NDArray x, InputLayer input, ResidualBlocks.Given body, Dense out, Shape shape) {
    long rows = x.getShape().get(0);
    List<ResidualBlocks.Applied> parts = body.blocks();
    List<NDArray> inputs = new ArrayList<>();
    inputs.add(x);
    input.ofContext(rows).ifPresent(inputs::add);
    parts.forEach(block -> block.gate().ifPresent(gate -> inputs.add(gate.matching(rows))));
    List<Dense> layers = new ArrayList<>();
    layers.add(input.ofInput());
    for (ResidualBlocks.Applied block : parts) {
      layers.add(block.first());
      layers.add(block.second());
    }
    layers.add(out);
    for (Dense layer : layers) {
      inputs.add(layer.rawArgument());
      inputs.add(layer.biasArgument());
    }
    layers.forEach(layer -> layer.mask().ifPresent(inputs::add));
    Shape hidden = new Shape(rows, input.ofInput().biasArgument().getShape().get(0));
    parts.forEach(block -> block.dropout().ifPresent(masks -> inputs.add(masks.apply(hidden))));
    ResidualOperation operation =
        new ResidualOperation(
            parts.size(),
            input.ofContext(rows).isPresent(),
            input.ofInput().mask().isPresent(),
            out.mask().isPresent(),
            parts.stream().anyMatch(block -> block.dropout().isPresent()),
            Arrays.stream(shape.getShape()).boxed().toList());
    return tape.apply(operation, inputs.toArray(NDArray[]::new)).get(0);
  }

  private int gate(int block) {
    return 2 + block;
  }

  /** Of layer 0, the first, to layer 2 blocks + 1, the last. */
  private int weight(int layer) {
    return 1 + (context ? 1 + blocks : 0) + 2 * layer;
  }

  private int bias(int layer) {
    return weight(layer) + 1;
  }

  private int layers() {
    return 2 * blocks + 2;
  }

  private boolean hasMask(int layer) {
    return layer == 0 ? maskedFirst : masked;
  }

  private int mask(int layer) {
    return differentiable() + layer - (maskedFirst ? 0 : 1);
  }

  private int dropout(int block) {
    return differentiable() + (maskedFirst ? 1 : 0) + (masked ? layers() - 1 : 0) + block;
  }

  @Override
  public boolean rounds() {
    return true;
  }

  @Override
  public int differentiable() {
    return weight(layers());
  }

  @Override
  public String forward() {
    Lines lines = new Lines();
    weights(lines, 0);
    lines.add("h = torch.addmm(inputs[%d], inputs[0], torch.t(w0))", bias(0));
    if (context) {
      lines.add("h = torch.add_(h, inputs[1])");
    }
    for (int k = 0; k < blocks; k++) {
      int first = 1 + 2 * k;
      int second = first + 1;
      weights(lines, first);
      weights(lines, second);
      lines.add("r%d = torch.relu(h)", k);
      lines.add(
          "a%d = torch.relu_(torch.addmm(inputs[%d], r%d, torch.t(w%d)))",
          k, bias(first), k, first);
      lines.add(dropout ? "d%d = torch.mul(a%d, inputs[%d])" : "d%d = a%d", k, k, dropout(k));
      if (context) {
        lines.add("u%d = torch.addmm(inputs[%d], d%d, torch.t(w%d))", k, bias(second), k, second);
        lines.add("h = torch.addcmul_(h, u%d, inputs[%d])", k, gate(k));
      } else {
        lines.add(
            "h = torch.add_(torch.addmm_(h, d%d, torch.t(w%d)), inputs[%d])",
            k, second, bias(second));
      }
      for (String name : kept(k)) {
        lines.add("_ = torch.append(kept, %s%d)", name, k);
      }
    }
    int last = layers() - 1;
    weights(lines, last);
    lines.add("y = torch.addmm(inputs[%d], h, torch.t(w%d))", bias(last), last);
    lines.add("_ = torch.append(kept, h)");
    for (int layer = 0; layer < layers(); layer++) {
      lines.add("_ = torch.append(kept, w%d)", layer);
    }
    StringBuilder sizes = new StringBuilder("torch.size(inputs[0], 0)");
    shape.forEach(size -> sizes.append(", ").append(size));
    lines.add("_ = torch.append(outputs, torch.view(y, [%s]))", sizes);
    return lines.toString();
  }

  /** What the k-th block keeps. */
  private List<String> kept(int k) {
    List<String> names = new ArrayList<>(List.of("r", "a", "d"));
    if (context) {
      names.add("u");
    }
    return names;
  }

  private void weights(Lines lines, int layer) {
    lines.add(
        hasMask(layer) ? "w%d = torch.mul(inputs[%d], inputs[%d])" : "w%d = inputs[%d]",
        layer,
        weight(layer),
        mask(layer));
  }

  @Override
  public String vjp() {
    Lines lines = new Lines();
    int next = 0;
    for (int k = 0; k < blocks; k++) {
      for (String name : kept(k)) {
        lines.add("%s%d = kept[%d]", name, k, next++);
      }
    }
    lines.add("h = kept[%d]", next++);
    for (int layer = 0; layer < layers(); layer++) {
      lines.add("w%d = kept[%d]", layer, next++);
    }
    int last = layers() - 1;
    lines.add("c = torch.reshape(cotangents[0], [torch.size(h, 0), torch.size(w%d, 0)])", last);
    gradients(lines, last, "c", "h");
    lines.add("g = torch.mm(c, w%d)", last);
    for (int k = blocks - 1; k >= 0; k--) {
      int first = 1 + 2 * k;
      int second = first + 1;
      if (context) {
        lines.add("gg%d = torch.mul(g, u%d)", k, k);
        lines.add("gu = torch.mul(g, inputs[%d])", gate(k));
      } else {
        lines.add("gu = g");
      }
      gradients(lines, second, "gu", "d" + k);
      lines.add("gd = torch.mm(gu, w%d)", second);
      if (dropout) {
        lines.add("gd = torch.mul_(gd, inputs[%d])", dropout(k));
      }
      lines.add("ga = torch.threshold_backward(gd, a%d, 0)", k);
      gradients(lines, first, "ga", "r" + k);
      lines.add("gr = torch.threshold_backward(torch.mm(ga, w%d), r%d, 0)", first, k);
      lines.add("g = torch.add_(g, gr)");
    }
    gradients(lines, 0, "g", "inputs[0]");
    lines.add("_ = torch.append(results, torch.mm(g, w0))");
    if (context) {
      lines.add("_ = torch.append(results, g)");
      for (int k = 0; k < blocks; k++) {
        lines.add("_ = torch.append(results, gg%d)", k);
      }
    }
    for (int layer = 0; layer < layers(); layer++) {
      lines.add("_ = torch.append(results, gw%d)", layer);
      lines.add("_ = torch.append(results, gb%d)", layer);
    }
    return lines.toString();
  }

  /** Of a layer's weight and bias, from the cotangent of what it gives and what it was given. */
  private void gradients(Lines lines, int layer, String cotangent, String given) {
    lines.add("gw%d = torch.mm(torch.t(%s), %s)", layer, cotangent, given);
    if (hasMask(layer)) {
      lines.add("gw%d = torch.mul_(gw%d, inputs[%d])", layer, layer, mask(layer));
    }
    lines.add("gb%d = torch.sum(%s, [0])", layer, cotangent);
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray h = layer(inputs, 0).apply(inputs.get(0));
    if (context) {
      h = h.add(inputs.get(1));
    }
    List<ResidualBlocks.Applied> parts = new ArrayList<>();
    for (int k = 0; k < blocks; k++) {
      Optional<RepeatedRows> gate =
          context ? Optional.of(new RepeatedRows(inputs.get(gate(k)))) : Optional.empty();
      NDArray dropped = dropout ? inputs.get(dropout(k)) : h;
      Optional<Function<Shape, NDArray>> masks =
          dropout ? Optional.of(any -> dropped) : Optional.empty();
      parts.add(
          new ResidualBlocks.Applied(
              layer(inputs, 1 + 2 * k), layer(inputs, 2 + 2 * k), gate, masks));
    }
    NDArray y = layer(inputs, layers() - 1).apply(new ResidualBlocks.Given(parts).apply(h));
    long[] sizes = shape.stream().mapToLong(Long::longValue).toArray();
    return new NDList(y.reshape(new Shape(h.getShape().get(0)).addAll(new Shape(sizes))));
  }

  private Dense layer(NDList inputs, int layer) {
    Optional<NDArray> mask =
        hasMask(layer) ? Optional.of(inputs.get(mask(layer))) : Optional.empty();
    return new Dense(inputs.get(weight(layer)), inputs.get(bias(layer)), mask);
  }

  /** Lines of a script. */
  private static final class Lines {
    private final StringBuilder text = new StringBuilder();

    void add(String line, Object... values) {
      text.append(String.format(line, values)).append('\n');
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
