package org.thalweg.maf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.toolkit.nn.Ops;

/**
 * A direction of {@link LuLinear} as one operation. Inputs: the batch {@code [N, D]}, the factors
 * {@code [D, D]}, the bias {@code [D]}, and as constants the masks below, above and on the diagonal
 * {@code [D, D]} and the order {@code [D]}. Outputs: the mapped batch {@code [N, D]} and the
 * log-determinant {@code [N]}.
 *
 * @param smallestDiagonal the floor of U's diagonal
 * @param inverted whether noise is mapped to data, by two triangular solves
 */
record LuOperation(double smallestDiagonal, boolean inverted) implements ScriptedOperation {
  @Override
  public int differentiable() {
    return 3;
  }

  @Override
  public String forward() {
    String common =
        """
        l = torch.addcmul(inputs[5], inputs[1], inputs[3])
        d = torch.add(torch.softplus(inputs[1]), %s)
        u = torch.addcmul(torch.mul(inputs[1], inputs[4]), d, inputs[5])
        p = torch.to(inputs[6], 4)
        s = torch.expand(torch.sum(torch.log(torch.diagonal(d))), [torch.size(inputs[0], 0)])
        _ = torch.append(kept, l)
        _ = torch.append(kept, u)
        _ = torch.append(kept, d)
        _ = torch.append(kept, p)
        """
            .formatted(smallestDiagonal);
    String own =
        inverted
            ? """
            z = torch.sub(inputs[0], inputs[2])
            v = torch.linalg_solve_triangular(torch.t(l), z, upper=True, left=False, unitriangular=True)
            q = torch.linalg_solve_triangular(torch.t(u), v, upper=False, left=False)
            x = torch.contiguous(torch.index_copy(q, 1, p, q))
            _ = torch.append(kept, x)
            _ = torch.append(outputs, x)
            _ = torch.append(outputs, torch.neg(s))
            """
            : """
            m = torch.mm(l, u)
            w = torch.index_copy(m, 1, p, m)
            _ = torch.append(kept, w)
            _ = torch.append(outputs, torch.addmm(inputs[2], inputs[0], torch.t(w)))
            _ = torch.append(outputs, s)
            """;
    return common + own;
  }

  @Override
  public String vjp() {
    String own =
        inverted
            ? """
            c = torch.index_select(cotangents[0], 1, kept[3])
            v = torch.linalg_solve_triangular(kept[1], c, upper=True, left=False)
            g = torch.contiguous(torch.linalg_solve_triangular(kept[0], v, upper=False, left=False, unitriangular=True))
            b = torch.neg(torch.sum(g, [0]))
            w = torch.neg(torch.mm(torch.t(g), kept[4]))
            s = torch.neg(torch.sum(cotangents[1]))
            """
            : """
            g = torch.mm(cotangents[0], kept[4])
            b = torch.sum(cotangents[0], [0])
            w = torch.mm(torch.t(cotangents[0]), inputs[0])
            s = torch.sum(cotangents[1])
            """;
    return own
        + """
        m = torch.index_select(w, 1, kept[3])
        u = torch.mm(torch.t(kept[0]), m)
        d = torch.mul(torch.addcdiv(u, s, kept[2]), torch.sigmoid(inputs[1]))
        f = torch.mul(torch.mm(m, torch.t(kept[1])), inputs[3])
        f = torch.addcmul(torch.addcmul(f, u, inputs[4]), d, inputs[5])
        _ = torch.append(results, g)
        _ = torch.append(results, f)
        _ = torch.append(results, b)
        """;
  }

  /** The tensor library has a differentiable matrix inverse, and no triangular solve. */
  @Override
  public NDList composed(Tape tape, NDList inputs) {
    NDArray packed = inputs.get(1);
    NDArray one = inputs.get(5);
    NDArray diagonal = Ops.softplus(packed.mul(one).sum(new int[] {1})).add(smallestDiagonal);
    NDArray l = packed.mul(inputs.get(3)).add(one);
    NDArray u = packed.mul(inputs.get(4)).add(diagonal.mul(one));
    NDArray matrix = l.matMul(u).matMul(permutation(tape, inputs.get(6)));
    MatrixMap map = new MatrixMap(matrix, inputs.get(2), diagonal.log().sum());
    var mapped = inverted ? map.inverse(inputs.get(0)) : map.forward(inputs.get(0));
    return new NDList(mapped.value(), mapped.logAbsDet());
  }

  /** The matrix P with {@code (P x)_i = x_order(i)}. */
  private static NDArray permutation(Tape tape, NDArray order) {
    long dimension = order.size();
    NDArray to = tape.manager().arange((int) dimension).toType(order.getDataType(), false);
    return order.reshape(new Shape(dimension, 1)).eq(to).toType(order.getDataType(), false);
  }
}
