package org.thalweg.aem;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * The energy net as one operation: negative energies of K numbers for each of G conditionals.
 *
 * <p>Inputs: the codes {@code [G, C]}; weight {@code [H, 1 + C]} and bias of the first layer, whose
 * first input is the number; weight and bias of both layers of each block, and of the last; then,
 * as constants, the numbers {@code [G, K]} and the dropout of each block {@code [G * K, H]}, where
 * there is any. Output: {@code [G, K]}.
 *
 * <p>The code's part of the first layer is computed once for each conditional, and nothing flows
 * back to the numbers.
 *
 * @param blocks the number of residual blocks
 * @param unit what a unit does
 * @param dropout whether units are dropped
 */
record EnergyOperation(int blocks, EnergyConfig.Unit unit, boolean dropout)
    implements ScriptedOperation {

  /** Of layer 0, the first, to layer 2 blocks + 1, the last. */
  private static int weight(int layer) {
    return 1 + 2 * layer;
  }

  private static int bias(int layer) {
    return 2 + 2 * layer;
  }

  private int layers() {
    return 2 * blocks + 2;
  }

  @Override
  public boolean rounds() {
    return true;
  }

  @Override
  public int differentiable() {
    return 1 + 2 * layers();
  }

  private int points() {
    return differentiable();
  }

  private int mask(int block) {
    return differentiable() + 1 + block;
  }

  private String active(String of) {
    return (unit == EnergyConfig.Unit.RELU ? "torch.relu(%s)" : "torch.tanh(%s)").formatted(of);
  }

  private String activeInPlace(String of) {
    return (unit == EnergyConfig.Unit.RELU ? "torch.relu_(%s)" : "torch.tanh_(%s)").formatted(of);
  }

  /** The cotangent of a unit's input, from that of its output and the output itself. */
  private String inactive(String cotangent, String output) {
    return (unit == EnergyConfig.Unit.RELU
            ? "torch.threshold_backward(%s, %s, 0)"
            : "torch.tanh_backward(%s, %s)")
        .formatted(cotangent, output);
  }

  @Override
  public String forward() {
    Lines lines = new Lines();
    lines.add("x = torch.unsqueeze(inputs[%d], 2)", points());
    lines.add("c = torch.narrow(inputs[1], 1, 1, torch.size(inputs[0], 1))");
    lines.add("oc = torch.unsqueeze(torch.addmm(inputs[2], inputs[0], torch.t(c)), 1)");
    lines.add("h3 = torch.addcmul(oc, x, torch.select(inputs[1], 1, 0))");
    lines.add("h = torch.reshape(h3, [-1, torch.size(inputs[1], 0)])");
    for (int k = 0; k < blocks; k++) {
      int first = 1 + 2 * k;
      int second = first + 1;
      lines.add("r%d = %s", k, active("h"));
      lines.add(
          "i%d = torch.addmm(inputs[%d], r%d, torch.t(inputs[%d]))",
          k, bias(first), k, weight(first));
      lines.add("a%d = %s", k, activeInPlace("i" + k));
      lines.add(dropout ? "d%d = torch.mul(a%d, inputs[%d])" : "d%d = a%d", k, k, mask(k));
      lines.add("h = torch.addmm_(h, d%d, torch.t(inputs[%d]))", k, weight(second));
      lines.add("h = torch.add_(h, inputs[%d])", bias(second));
      for (String name : kept()) {
        lines.add("_ = torch.append(kept, %s%d)", name, k);
      }
    }
    int last = layers() - 1;
    lines.add("e = %s", activeInPlace("h"));
    lines.add("raw = torch.addmm(inputs[%d], e, torch.t(inputs[%d]))", bias(last), weight(last));
    lines.add("_ = torch.append(kept, e)");
    lines.add("_ = torch.append(kept, raw)");
    lines.add("y = torch.neg_(torch.softplus(raw))");
    lines.add(
        "_ = torch.append(outputs, torch.view(y, [torch.size(inputs[%d], 0), -1]))", points());
    return lines.toString();
  }

  /** What each block keeps. */
  private String[] kept() {
    return dropout ? new String[] {"r", "a", "d"} : new String[] {"r", "a"};
  }

  @Override
  public String vjp() {
    Lines lines = new Lines();
    int next = 0;
    for (int k = 0; k < blocks; k++) {
      for (String name : kept()) {
        lines.add("%s%d = kept[%d]", name, k, next++);
      }
    }
    lines.add("e = kept[%d]", next++);
    lines.add("raw = kept[%d]", next);
    int last = layers() - 1;
    lines.add("c = torch.reshape(cotangents[0], [-1, 1])");
    lines.add("c = torch.neg_(torch.mul(torch.sigmoid(raw), c))");
    gradients(lines, last, "c", "e");
    lines.add("g = %s", inactive("torch.mm(c, inputs[%d])".formatted(weight(last)), "e"));
    for (int k = blocks - 1; k >= 0; k--) {
      int first = 1 + 2 * k;
      int second = first + 1;
      gradients(lines, second, "g", (dropout ? "d" : "a") + k);
      lines.add("gd = torch.mm(g, inputs[%d])", weight(second));
      if (dropout) {
        lines.add("gd = torch.mul_(gd, inputs[%d])", mask(k));
      }
      lines.add("ga = %s", inactive("gd", "a" + k));
      gradients(lines, first, "ga", "r" + k);
      lines.add("gr = torch.mm(ga, inputs[%d])", weight(first));
      lines.add("g = torch.add_(%s, g)", inactive("gr", "r" + k));
    }
    lines.add("x = torch.reshape(inputs[%d], [1, -1])", points());
    lines.add("gx = torch.mm(x, g)");
    lines.add("w = torch.size(inputs[1], 0)");
    lines.add("g3 = torch.view(g, [torch.size(inputs[0], 0), -1, w])");
    lines.add("gc = torch.sum(g3, [1])");
    lines.add("cw = torch.narrow(inputs[1], 1, 1, torch.size(inputs[0], 1))");
    lines.add("_ = torch.append(results, torch.mm(gc, cw))");
    lines.add("gw = torch.mm(torch.t(gc), inputs[0])");
    lines.add("_ = torch.append(results, torch.cat([torch.t(gx), gw], 1))");
    lines.add("_ = torch.append(results, torch.sum(gc, [0]))");
    for (int layer = 1; layer < layers(); layer++) {
      lines.add("_ = torch.append(results, gw%d)", layer);
      lines.add("_ = torch.append(results, gb%d)", layer);
    }
    return lines.toString();
  }

  /** Of a layer's weight and bias, from the cotangent of what it gives and what it was given. */
  private static void gradients(Lines lines, int layer, String cotangent, String given) {
    lines.add("gw%d = torch.mm(torch.t(%s), %s)", layer, cotangent, given);
    lines.add("gb%d = torch.sum(%s, [0])", layer, cotangent);
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray points = inputs.get(points());
    long g = points.getShape().get(0);
    long k = points.getShape().get(1);
    NDArray weight = inputs.get(weight(0));
    long width = weight.getShape().get(0);
    NDArray ofCode =
        Linear.linear(inputs.get(0), weight.get(new NDIndex(":, 1:")), inputs.get(bias(0)))
            .singletonOrThrow()
            .reshape(new Shape(g, 1, width));
    NDArray slope = weight.get(new NDIndex(":, 0")).reshape(new Shape(1, 1, width));
    NDArray h =
        points.reshape(new Shape(g, k, 1)).mul(slope).add(ofCode).reshape(new Shape(-1, width));
    for (int block = 0; block < blocks; block++) {
      NDArray inside = unit.apply(layer(inputs, 1 + 2 * block, unit.apply(h)));
      NDArray kept = dropout ? inside.mul(inputs.get(mask(block))) : inside;
      h = h.add(layer(inputs, 2 + 2 * block, kept));
    }
    NDArray raw = layer(inputs, layers() - 1, unit.apply(h));
    return new NDList(Ops.softplus(raw).neg().reshape(new Shape(g, k)));
  }

  private static NDArray layer(NDList inputs, int layer, NDArray x) {
    return Linear.linear(x, inputs.get(weight(layer)), inputs.get(bias(layer))).singletonOrThrow();
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
