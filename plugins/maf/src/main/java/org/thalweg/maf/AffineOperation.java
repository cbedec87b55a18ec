package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/**
 * A direction of {@link Affine} as one operation. Inputs: the argument {@code [N, D]} and the
 * parameters {@code [N, D, 2]}. Outputs: the value and the log-derivative, {@code [N, D]} each.
 *
 * @param maxLogScale the bound m of the logarithm of the scale
 * @param inverted whether noise is mapped to data
 */
record AffineOperation(double maxLogScale, boolean inverted) implements ScriptedOperation {
  @Override
  public int differentiable() {
    return 2;
  }

  @Override
  public String forward() {
    String common =
        """
        a = torch.select(inputs[1], 2, 0)
        t = torch.select(inputs[1], 2, 1)
        h = torch.tanh_(torch.div(a, %s))
        """
            .formatted(maxLogScale);
    String own =
        inverted
            ? """
            s = torch.mul(h, -%s)
            e = torch.exp(s)
            y = torch.mul_(torch.sub(inputs[0], t), e)
            _ = torch.append(kept, y)
            """
            : """
            s = torch.mul(h, %s)
            e = torch.exp(s)
            y = torch.addcmul(t, inputs[0], e)
            """;
    return common
        + own.formatted(maxLogScale)
        + """
        _ = torch.append(kept, h)
        _ = torch.append(kept, e)
        _ = torch.append(outputs, y)
        _ = torch.append(outputs, s)
        """;
  }

  @Override
  public String vjp() {
    return inverted
        ? """
        g = torch.mul(cotangents[0], kept[2])
        s = torch.addcmul(cotangents[1], cotangents[0], kept[0])
        a = torch.neg(torch.tanh_backward(s, kept[1]))
        _ = torch.append(results, g)
        _ = torch.append(results, torch.stack([a, torch.neg(g)], 2))
        """
        : """
        g = torch.mul(cotangents[0], kept[1])
        s = torch.addcmul(cotangents[1], g, inputs[0])
        a = torch.tanh_backward(s, kept[0])
        _ = torch.append(results, g)
        _ = torch.append(results, torch.stack([a, cotangents[0]], 2))
        """;
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    // The gradient of one split is one concatenation, of slices it is not.
    NDList both = inputs.get(1).split(2, 2);
    NDArray s = both.get(0).squeeze(2).div(maxLogScale).tanh().mul(maxLogScale);
    NDArray t = both.get(1).squeeze(2);
    return inverted
        ? new NDList(inputs.get(0).sub(t).mul(s.neg().exp()), s.neg())
        : new NDList(inputs.get(0).mul(s.exp()).add(t), s);
  }
}
