package org.thalweg.splines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.thalweg.api.engine.ScriptedOperation;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.transform.Elementwise;

/**
 * A direction of {@link RationalQuadratic} in one call, for devices whose memory the host does not
 * see. The formulas are those of {@link Bin}, their derivatives those of {@link Piece}; nothing is
 * copied to the device, and libtorch records nothing.
 *
 * <p>Inputs: the argument {@code [N, D]} and the unconstrained parameters {@code [N, D, P]}.
 * Outputs: the value and the log-derivative, {@code [N, D]} each. Inside, the M = N D splines are
 * the last axis, as in {@link Knots}. A bin is known by its upper knot and its size, so that one
 * cumulative sum and one gather are all that runs over bins.
 *
 * @param config the spline
 * @param axis what the argument is
 */
record ScriptedRationalQuadratic(RationalQuadraticConfig config, Knots.Axis axis)
    implements ScriptedOperation {

  static Elementwise apply(
      Tape tape,
      RationalQuadraticConfig config,
      Knots.Axis axis,
      NDArray argument,
      NDArray parameters) {
    var operation = new ScriptedRationalQuadratic(config, axis);
    NDList mapped = tape.apply(operation, argument, parameters);
    return new Elementwise(mapped.get(0), mapped.get(1));
  }

  private boolean inverse() {
    return axis == Knots.Axis.NOISE;
  }

  @Override
  public int differentiable() {
    return 2;
  }

  @Override
  public String forward() {
    int bins = config.bins();
    double b = config.bound();
    List<String> lines = new ArrayList<>();
    lines.add("v = torch.reshape(inputs[0], [1, -1])");
    lines.add("c = torch.clamp(v, %s, %s)".formatted(number(-b), number(b)));
    lines.add("t = torch.t(torch.reshape(inputs[1], [-1, %d]))".formatted(parameters()));
    lines.add(
        "p = torch.clamp(torch.contiguous(t), %s, %s)"
            .formatted(number(-Knots.LARGEST_LOGIT), number(Knots.LARGEST_LOGIT)));
    // Shares of the softmax, sizes of the bins, upper knots: [2, K, M].
    lines.add(
        "e = torch.reshape(torch.slice(p, 0, 0, %d, 1), [2, %d, -1])".formatted(2 * bins, bins));
    lines.add("share = torch.softmax(e, 1)");
    lines.addAll(sizes());
    lines.add("knot = torch.sub(torch.cumsum(size, 1), %s)".formatted(number(b)));
    lines.add(
        "le = torch.le(torch.slice(torch.select(knot, 0, %d), 0, 0, %d, 1), c)"
            .formatted(inverse() ? 1 : 0, bins - 1));
    lines.add("d = torch.slice(p, 0, %d, %d, 1)".formatted(2 * bins, parameters()));
    lines.addAll(slopeLogits());
    lines.add("rows = torch.reshape(all, [6, %d, -1])".formatted(bins));
    lines.add("bin = torch.sum(le, [0], True)");
    lines.add("at = torch.expand(torch.unsqueeze(bin, 0), [6, 1, -1])");
    lines.add("own = torch.squeeze(torch.gather(rows, 1, at), 1)");
    lines.addAll(sizesOfPiece());
    lines.addAll(
        List.of(
            "s = torch.div(h, w)",
            "dd = torch.add(torch.softplus(torch.slice(own, 0, 4, 6, 1)), %s)"
                .formatted(number(config.minDerivative()))));
    lines.addAll(slopesOfPiece());
    lines.add("cur = torch.sub(torch.add(d0, d1), s, alpha=2)");
    lines.add("low = torch.sub(torch.slice(own, 0, 0, 2, 1), torch.slice(own, 0, 2, 4, 1))");
    if (inverse()) {
      lines.add("r = torch.clamp(torch.div(torch.sub(c, torch.slice(low, 0, 1, 2, 1)), h), 0, 1)");
      lines.add("bb = torch.addcmul(d0, r, cur, value=-1)");
      lines.add("aa = torch.sub(s, bb)");
      lines.add("cc = torch.mul(s, r)");
      lines.add(
          "q = torch.sqrt(torch.clamp(torch.addcmul(torch.mul(bb, bb), aa, cc, value=4), 0))");
      lines.add("usual = torch.div(torch.mul(cc, 2), torch.clamp(torch.add(bb, q), 1e-30))");
      lines.add("falling = torch.div(torch.sub(q, bb), torch.mul(aa, 2))");
      lines.add("x0 = torch.clamp(torch.where(torch.ge(bb, 0), usual, falling), 0, 1)");
      lines.addAll(terms("x0"));
      // A step of Newton's method gives back what rounding ate of the discriminant.
      lines.add("miss = torch.mul(torch.addcmul(nn, r, qq, value=-1), qq)");
      lines.add("xi = torch.clamp(torch.sub(x0, torch.div(miss, torch.mul(s, pp))), 0, 1)");
    } else {
      lines.add("xi = torch.clamp(torch.div(torch.sub(c, torch.slice(low, 0, 0, 1, 1)), w), 0, 1)");
    }
    lines.addAll(terms("xi"));
    lines.addAll(
        List.of(
            "val = torch.div(nn, qq)",
            "sq = torch.div(s, qq)",
            "slope = torch.mul(torch.mul(sq, sq), pp)",
            "l = torch.log(slope)"));
    lines.addAll(
        inverse()
            ? List.of("y = torch.addcmul(torch.slice(low, 0, 0, 1, 1), w, xi)", "l = torch.neg(l)")
            : List.of("y = torch.addcmul(torch.slice(low, 0, 1, 2, 1), h, val)"));
    // Nothing lies outside a circle.
    lines.add("inside = torch.eq(v, %s)".formatted(config.ends() == Ends.CIRCULAR ? "v" : "c"));
    lines.add("nd = [torch.size(inputs[0], 0), torch.size(inputs[0], 1)]");
    lines.add("_ = torch.append(outputs, torch.reshape(torch.where(inside, y, v), nd))");
    lines.add("_ = torch.append(outputs, torch.reshape(torch.mul(l, inside), nd))");
    for (String name : KEPT) {
      lines.add("_ = torch.append(kept, " + name + ")");
    }
    return text(lines);
  }

  private static final List<String> KEPT =
      List.of(
          "share", "bin", "own", "s", "dd", "cur", "xi", "rest", "tt", "qq", "pp", "val", "slope",
          "inside");

  /**
   * With u and v the cotangents of y and of the logarithm of its slope, L, along the way of noise:
   * derivatives of N, Q and P (Durkan et al. 2019, equations 4 and 5) by what they are made of. By
   * the position, y has the slope itself, which the forward pass knows.
   */
  @Override
  public String vjp() {
    int bins = config.bins();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < KEPT.size(); i++) {
      lines.add("%s = kept[%d]".formatted(KEPT.get(i), i));
    }
    lines.addAll(sizesOfPiece());
    lines.addAll(slopesOfPiece());
    lines.add("cu = torch.reshape(cotangents[0], [1, -1])");
    lines.add("u = torch.mul(cu, inside)");
    lines.add("v = torch.mul(torch.reshape(cotangents[1], [1, -1]), inside)");
    // Half of L's derivative by the position in the bin.
    lines.add("turn = torch.sub(rest, xi)");
    lines.add("px = torch.addcmul(torch.addcmul(torch.mul(d1, xi), s, turn), d0, rest, value=-1)");
    lines.add("along = torch.addcdiv(torch.div(px, pp), torch.mul(cur, turn), qq, value=-1)");
    lines.add("va = torch.mul(v, along)");
    if (inverse()) {
      // By the implicit function theorem: the inverse moves against the forward map, by its slope.
      lines.add("left = u");
      lines.add("gx = torch.div(torch.addcdiv(u, va, w, value=-2), slope)");
      lines.add("u = torch.neg(gx)");
      lines.add("v = torch.neg(v)");
    } else {
      lines.add("gx = torch.addcdiv(torch.mul(u, slope), va, w, value=2)");
      lines.add("left = torch.neg(gx)");
    }
    // Of N, of P, and against Q.
    lines.add("bn = torch.div(torch.mul(u, h), qq)");
    lines.add("bp = torch.div(v, pp)");
    lines.add("bq = torch.addcdiv(torch.mul(bn, val), v, qq, value=2)");
    lines.add("xx = torch.mul(xi, xi)");
    lines.add(
        "bs = torch.addcdiv(torch.addcmul(torch.sub(torch.mul(bn, xx), bq), tt,"
            + " torch.add(bq, bp), value=2), v, s, value=2)");
    lines.add("sw = torch.div(bs, w)");
    lines.add("bw = torch.addcmul(torch.mul(left, xi), sw, s, value=-1)");
    lines.add("bh = torch.addcmul(sw, u, val)");
    lines.add("g0 = torch.addcmul(torch.mul(torch.sub(bn, bq), tt), bp, torch.mul(rest, rest))");
    lines.add("g1 = torch.addcmul(torch.mul(bp, xx), bq, tt, value=-1)");
    lines.add("sg = torch.sigmoid(torch.slice(own, 0, 4, 6, 1))");
    lines.add("g0 = torch.mul(g0, torch.slice(sg, 0, 0, 1, 1))");
    lines.add("g1 = torch.mul(g1, torch.slice(sg, 0, 1, 2, 1))");
    // The element's bin and those before it: [K, M].
    lines.add(
        "each = torch.reshape(torch.arange(%d, dtype=4, layout=None,".formatted(bins)
            + " device=ops.prim.device(bin), pin_memory=None), [-1, 1])");
    lines.add("at = torch.eq(each, bin)");
    lines.add("before = torch.lt(each, bin)");
    // Of sizes of bins [2, K, M], then of the logits of a softmax.
    lines.add("early = torch.stack([left, u], 0)");
    lines.add("mine = torch.stack([bw, bh], 0)");
    lines.add("gs = torch.where(at, mine, torch.mul(early, before))");
    lines.add("gl = torch._softmax_backward_data(gs, share, 1, ops.prim.dtype(share))");
    lines.addAll(scaled());
    lines.addAll(slopeGradient());
    lines.add("gl = torch.reshape(gl, [%d, -1])".formatted(2 * bins));
    lines.add("gp = torch.cat([torch.t(gl), torch.t(gd)], 1)");
    lines.add("nd = [torch.size(inputs[0], 0), torch.size(inputs[0], 1)]");
    lines.add("_ = torch.append(results, torch.reshape(torch.where(inside, gx, cu), nd))");
    lines.add(
        "_ = torch.append(results, torch.reshape(gp, [nd[0], nd[1], %d]))".formatted(parameters()));
    return text(lines);
  }

  private int parameters() {
    return 2 * config.bins() + config.ends().slopes(config.bins());
  }

  /** What a share of the softmax is worth beyond the floor, of widths and of heights. */
  private double[] free() {
    double whole = 2 * config.bound();
    return new double[] {
      whole * (1 - config.bins() * config.minBinWidth()),
      whole * (1 - config.bins() * config.minBinHeight())
    };
  }

  private double[] floors() {
    double whole = 2 * config.bound();
    return new double[] {whole * config.minBinWidth(), whole * config.minBinHeight()};
  }

  private List<String> sizes() {
    double[] free = free();
    double[] floor = floors();
    if (floor[0] == floor[1]) {
      return List.of(
          "size = torch.add(torch.mul(share, %s), %s)"
              .formatted(number(free[0]), number(floor[0])));
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      lines.add(
          "size%d = torch.add(torch.mul(torch.select(share, 0, %d), %s), %s)"
              .formatted(i, i, number(free[i]), number(floor[i])));
    }
    lines.add("size = torch.stack([size0, size1], 0)");
    return lines;
  }

  private List<String> scaled() {
    double[] free = free();
    if (free[0] == free[1]) {
      return List.of("gl = torch.mul(gl, %s)".formatted(number(free[0])));
    }
    return List.of(
        "gl = torch.stack([torch.mul(torch.select(gl, 0, 0), %s), torch.mul(torch.select(gl, 0, 1),"
                .formatted(number(free[0]))
            + " %s)], 0)".formatted(number(free[1])));
  }

  /** Knots, sizes, and the logits of the slopes at the lower and the upper knot of each bin. */
  private List<String> slopeLogits() {
    int bins = config.bins();
    List<String> lines = new ArrayList<>();
    String slopes =
        switch (config.ends()) {
          case LINEAR_TAILS -> {
            double one = Math.log(Math.expm1(1 - config.minDerivative()));
            lines.add("one = torch.full_like(c, %s)".formatted(number(one)));
            yield "one, d, d, one";
          }
          case BOUNDED -> {
            lines.add("dl = torch.slice(d, 0, 0, %d, 1)".formatted(bins));
            lines.add("dr = torch.slice(d, 0, 1, %d, 1)".formatted(bins + 1));
            yield "dl, dr";
          }
          case CIRCULAR -> "d, torch.roll(d, [-1], [0])";
        };
    lines.add(
        "all = torch.cat([torch.reshape(knot, [%d, -1]), torch.reshape(size, [%d, -1]), %s], 0)"
            .formatted(2 * bins, 2 * bins, slopes));
    return lines;
  }

  /** From what is kept of the slopes' logits back to them. */
  private List<String> slopeGradient() {
    int bins = config.bins();
    if (config.ends() == Ends.LINEAR_TAILS) {
      // Tails have their own slope.
      return List.of(
          "gd = torch.add(torch.mul(torch.slice(at, 0, 1, %d, 1), g0),".formatted(bins)
              + " torch.mul(torch.slice(at, 0, 0, %d, 1), g1))".formatted(bins - 1));
    }
    List<String> lines =
        new ArrayList<>(List.of("lo = torch.mul(at, g0)", "hi = torch.mul(at, g1)"));
    if (config.ends() == Ends.BOUNDED) {
      lines.add(
          "mid = torch.add(torch.slice(lo, 0, 1, %d, 1), torch.slice(hi, 0, 0, %d, 1))"
              .formatted(bins, bins - 1));
      lines.add(
          "gd = torch.cat([torch.slice(lo, 0, 0, 1, 1), mid, torch.slice(hi, 0, %d, %d, 1)], 0)"
              .formatted(bins - 1, bins));
    } else {
      lines.add("gd = torch.add(lo, torch.roll(hi, [1], [0]))");
    }
    return lines;
  }

  /** The width and the height of the element's bin. */
  private static List<String> sizesOfPiece() {
    return List.of("w = torch.slice(own, 0, 2, 3, 1)", "h = torch.slice(own, 0, 3, 4, 1)");
  }

  /** The slopes at its knots. */
  private static List<String> slopesOfPiece() {
    return List.of("d0 = torch.slice(dd, 0, 0, 1, 1)", "d1 = torch.slice(dd, 0, 1, 2, 1)");
  }

  /** N, Q and P of {@link Bin} at a position. */
  private static List<String> terms(String xi) {
    return List.of(
        "rest = torch.rsub(%s, 1)".formatted(xi),
        "tt = torch.mul(%s, rest)".formatted(xi),
        "up = torch.mul(s, %s)".formatted(xi),
        "down = torch.mul(d0, rest)",
        "nn = torch.mul(torch.add(up, down), %s)".formatted(xi),
        "qq = torch.addcmul(s, tt, cur)",
        "pp = torch.addcmul(torch.mul(torch.add(down, up, alpha=2), rest), torch.mul(d1, %s), %s)"
            .formatted(xi, xi));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.17g", value);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  @Override
  public NDList composed(Tape tape, NDList inputs) {
    RationalQuadratic spline = new RationalQuadratic(config);
    Elementwise mapped =
        inverse()
            ? spline.composedInverse(tape, inputs.get(0), inputs.get(1))
            : spline.composedForward(tape, inputs.get(0), inputs.get(1));
    return new NDList(mapped.value(), mapped.logDerivative());
  }
}
