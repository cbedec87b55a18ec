package org.thalweg.tck;

import ai.djl.ndarray.NDList;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;

/** {@link ExpSine} as a script: exp(a) sin(b), and b squared beside it. */
record ScriptedExpSine() implements ScriptedOperation {
  @Override
  public String forward() {
    return """
        e = torch.exp(inputs[0])
        _ = torch.append(outputs, torch.mul(e, torch.sin(inputs[1])))
        _ = torch.append(outputs, torch.mul(inputs[1], inputs[1]))
        _ = torch.append(kept, e)
        """;
  }

  @Override
  public String vjp() {
    return """
        e = kept[0]
        b = inputs[1]
        by = torch.mul(cotangents[0], e)
        _ = torch.append(results, torch.mul(by, torch.sin(b)))
        twice = torch.mul(torch.mul(cotangents[1], b), 2)
        _ = torch.append(results, torch.add(torch.mul(by, torch.cos(b)), twice))
        """;
  }

  @Override
  public int differentiable() {
    return 2;
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    return new NDList(
        inputs.get(0).exp().mul(inputs.get(1).sin()), inputs.get(1).mul(inputs.get(1)));
  }
}
