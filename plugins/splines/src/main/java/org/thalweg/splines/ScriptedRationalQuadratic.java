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
        "e = torch.reshape(torch.exp(torch.slice(p, 0, 0, %d, 1)), [2, %d, -1])"
            .formatted(2 * bins, bins));
    lines.add("share = torch.div(e, torch.sum(e, [1], True))");
    lines.addAll(sizes());
    lines.add("knot = torch.sub_(torch.cumsum(size, 1), %s)".formatted(number(b)));
    lines.add(
        "le = torch.le(torch.slice(torch.select(knot, 0, %d), 0, 0, %d, 1), c)"
            .formatted(inverse() ? 1 : 0, bins - 1));
    lines.addAll(slopeLogits());
    lines.add("rows = torch.cat([knot, size, torch.unsqueeze(dl, 0), torch.unsqueeze(dr, 0)], 0)");
    lines.add("bin = torch.unsqueeze(torch.sum(le, [0], True), 0)");
    lines.add("own = torch.squeeze(torch.gather(rows, 1, torch.expand(bin, [6, 1, -1])), 1)");
    lines.addAll(piece());
    lines.add("low = torch.sub(torch.slice(own, 0, 0, 2, 1), torch.slice(own, 0, 2, 4, 1))");
    if (inverse()) {
      lines.add("r = torch.clamp_(torch.div(torch.sub(c, torch.slice(low, 0, 1, 2, 1)), h), 0, 1)");
      lines.add("bb = torch.addcmul(d0, r, cur, value=-1)");
      lines.add("aa = torch.sub(s, bb)");
      lines.add("cc = torch.mul(s, r)");
      lines.add(
          "q = torch.sqrt(torch.clamp_(torch.addcmul(torch.mul(bb, bb), aa, cc, value=4), 0))");
      lines.add("usual = torch.div(torch.mul(cc, 2), torch.clamp(torch.add(bb, q), 1e-30))");
      lines.add("falling = torch.div(torch.sub(q, bb), torch.mul(aa, 2))");
      lines.add("x0 = torch.clamp(torch.where(torch.ge(bb, 0), usual, falling), 0, 1)");
      lines.addAll(terms("x0"));
      // A step of Newton's method gives back what rounding ate of the discriminant.
      lines.add("miss = torch.mul(torch.addcmul(nn, r, qq, value=-1), qq)");
      lines.add("xi = torch.clamp(torch.sub(x0, torch.div(miss, torch.mul(s, pp))), 0, 1)");
      lines.addAll(terms("xi"));
      lines.add("y = torch.addcmul(torch.slice(low, 0, 0, 1, 1), w, xi)");
      lines.add("l = torch.neg(%s)".formatted(logDerivative()));
    } else {
      lines.add(
          "xi = torch.clamp_(torch.div(torch.sub(c, torch.slice(low, 0, 0, 1, 1)), w), 0, 1)");
      lines.addAll(terms("xi"));
      lines.add("y = torch.addcmul(torch.slice(low, 0, 1, 2, 1), h, torch.div(nn, qq))");
      lines.add("l = " + logDerivative());
    }
    if (config.ends() == Ends.CIRCULAR) {
      // Nothing lies outside a circle.
      lines.add("inside = torch.eq(v, v)");
    } else {
      lines.add("inside = torch.eq(v, c)");
    }
    lines.add("yy = torch.where(inside, y, v)");
    lines.add("ll = torch.where(inside, l, torch.zeros_like(l))");
    lines.add("nd = [torch.size(inputs[0], 0), torch.size(inputs[0], 1)]");
    lines.add("_ = torch.append(outputs, torch.reshape(yy, nd))");
    lines.add("_ = torch.append(outputs, torch.reshape(ll, nd))");
    for (String name : KEPT) {
      lines.add("_ = torch.append(kept, " + name + ")");
    }
    return text(lines);
  }

  private static final List<String> KEPT = List.of("share", "le", "own", "xi", "inside");

  @Override
  public String vjp() {
    int bins = config.bins();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < KEPT.size(); i++) {
      lines.add("%s = kept[%d]".formatted(KEPT.get(i), i));
    }
    lines.addAll(piece());
    lines.addAll(terms("xi"));
    lines.add("zero = torch.zeros_like(xi)");
    lines.add("cu = torch.reshape(cotangents[0], [1, -1])");
    lines.add("u = torch.where(inside, cu, zero)");
    lines.add("v = torch.where(inside, torch.reshape(cotangents[1], [1, -1]), zero)");
    lines.add("turn = torch.add(torch.mul(xi, -2), 1)");
    // Derivatives of Q and P by the position.
    lines.add("qx = torch.mul(cur, turn)");
    lines.add(
        "px = torch.mul(torch.addcmul(torch.addcmul(torch.mul(d1, xi), s, turn), d0, rest, value=-1),"
            + " 2)");
    if (inverse()) {
      // By the implicit function theorem: the inverse moves against the forward map, by its slope.
      lines.add("ratio = torch.div(s, qq)");
      lines.add("slope = torch.mul(torch.mul(ratio, ratio), pp)");
      lines.add(
          "along = torch.div(torch.sub(torch.div(px, pp), torch.mul(torch.div(qx, qq), 2)), w)");
      lines.add("by = torch.div(torch.addcmul(u, v, along, value=-1), slope)");
      lines.add("u = torch.neg(by)");
      lines.add("v = torch.neg(v)");
    }
    lines.add("value = torch.div(nn, qq)");
    lines.add("bn = torch.div(torch.mul(u, h), qq)");
    lines.add("bq = torch.sub(torch.neg(torch.mul(bn, value)), torch.div(torch.mul(v, 2), qq))");
    lines.add("bp = torch.div(v, pp)");
    lines.add("nx = torch.addcmul(torch.mul(torch.mul(s, xi), 2), d0, turn)");
    lines.add("bx = torch.addcmul(torch.addcmul(torch.mul(bn, nx), bq, qx), bp, px)");
    lines.add("tt = torch.mul(xi, rest)");
    lines.add("xx = torch.mul(xi, xi)");
    lines.add(
        "bs = torch.add(torch.addcmul(torch.addcmul(torch.mul(bn, xx), bq,"
            + " torch.add(torch.mul(tt, -2), 1)), bp, torch.mul(tt, 2)),"
            + " torch.div(torch.mul(v, 2), s))");
    lines.add("left = torch.neg(torch.div(bx, w))");
    lines.add("bw = torch.addcmul(torch.mul(left, xi), torch.div(bs, w), s, value=-1)");
    lines.add("bh = torch.addcmul(torch.div(bs, w), u, value)");
    lines.add("g0 = torch.addcmul(torch.mul(torch.add(bn, bq), tt), bp, torch.mul(rest, rest))");
    lines.add("g1 = torch.addcmul(torch.mul(bq, tt), bp, xx)");
    lines.add("sg = torch.sigmoid(torch.slice(own, 0, 4, 6, 1))");
    lines.add("g0 = torch.mul(g0, torch.slice(sg, 0, 0, 1, 1))");
    lines.add("g1 = torch.mul(g1, torch.slice(sg, 0, 1, 2, 1))");
    // 1 up to the element's bin, and 1 before it: [K, M].
    lines.add("f = torch.type_as(le, xi)");
    lines.add("upto = torch.constant_pad_nd(f, [0, 0, 1, 0], 1)");
    lines.add("before = torch.constant_pad_nd(f, [0, 0, 0, 1], 0)");
    lines.add("at = torch.sub(upto, before)");
    // Of sizes of bins [2, K, M], then of the logits of a softmax.
    lines.add("early = torch.stack([left, u], 0)");
    lines.add("mine = torch.stack([bw, bh], 0)");
    lines.add("gs = torch.addcmul(torch.mul(early, before), mine, at)");
    lines.add("mean = torch.sum(torch.mul(share, gs), [1], True)");
    lines.add("gl = torch.mul_(torch.sub_(gs, mean), share)");
    lines.addAll(scaled());
    lines.addAll(slopeGradient());
    lines.add("all = torch.cat([torch.reshape(gl, [%d, -1]), gd], 0)".formatted(2 * bins));
    lines.add("gx = torch.where(inside, %s, cu)".formatted(inverse() ? "by" : "torch.neg(left)"));
    lines.add("nd = [torch.size(inputs[0], 0), torch.size(inputs[0], 1)]");
    lines.add("_ = torch.append(results, torch.reshape(gx, nd))");
    lines.add(
        "_ = torch.append(results, torch.reshape(torch.contiguous(torch.t(all)), [nd[0], nd[1],"
            + " %d]))".formatted(parameters()));
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
          "size = torch.add_(torch.mul(share, %s), %s)"
              .formatted(number(free[0]), number(floor[0])));
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      lines.add(
          "size%d = torch.add_(torch.mul(torch.select(share, 0, %d), %s), %s)"
              .formatted(i, i, number(free[i]), number(floor[i])));
    }
    lines.add("size = torch.stack([size0, size1], 0)");
    return lines;
  }

  private List<String> scaled() {
    double[] free = free();
    if (free[0] == free[1]) {
      return List.of("gl = torch.mul_(gl, %s)".formatted(number(free[0])));
    }
    return List.of(
        "gl = torch.stack([torch.mul(torch.select(gl, 0, 0), %s), torch.mul(torch.select(gl, 0, 1),"
                .formatted(number(free[0]))
            + " %s)], 0)".formatted(number(free[1])));
  }

  /** The logits of the slopes at the lower and the upper knot of each bin, [K, M]. */
  private List<String> slopeLogits() {
    int bins = config.bins();
    String own = "d = torch.slice(p, 0, %d, %d, 1)".formatted(2 * bins, parameters());
    String lower = "dl = torch.slice(d, 0, 0, %d, 1)".formatted(bins);
    String upper = "dr = torch.slice(d, 0, 1, %d, 1)".formatted(bins + 1);
    return switch (config.ends()) {
      case LINEAR_TAILS -> {
        double one = Math.log(Math.expm1(1 - config.minDerivative()));
        String pad = "d = torch.constant_pad_nd(d, [0, 0, 1, 1], %s)".formatted(number(one));
        yield List.of(own, pad, lower, upper);
      }
      case BOUNDED -> List.of(own, lower, upper);
      case CIRCULAR -> List.of(own, "dl = d", "dr = torch.roll(d, [-1], [0])");
    };
  }

  /** From what is kept of the slopes' logits back to them. */
  private List<String> slopeGradient() {
    int bins = config.bins();
    String lower = "gd0 = torch.mul(at, g0)";
    String upper = "gd1 = torch.mul(at, g1)";
    String sum =
        switch (config.ends()) {
          case LINEAR_TAILS ->
              "gd = torch.add(torch.slice(gd0, 0, 1, %d, 1), torch.slice(gd1, 0, 0, %d, 1))"
                  .formatted(bins, bins - 1);
          case BOUNDED ->
              "gd = torch.add(torch.constant_pad_nd(gd0, [0, 0, 0, 1], 0),"
                  + " torch.constant_pad_nd(gd1, [0, 0, 1, 0], 0))";
          case CIRCULAR -> "gd = torch.add(gd0, torch.roll(gd1, [1], [0]))";
        };
    return List.of(lower, upper, sum);
  }

  /** The element's bin: its width, height, mean slope, slopes at its knots. */
  private List<String> piece() {
    return List.of(
        "w = torch.slice(own, 0, 2, 3, 1)",
        "h = torch.slice(own, 0, 3, 4, 1)",
        "s = torch.div(h, w)",
        "dd = torch.add_(torch.softplus(torch.slice(own, 0, 4, 6, 1)), %s)"
            .formatted(number(config.minDerivative())),
        "d0 = torch.slice(dd, 0, 0, 1, 1)",
        "d1 = torch.slice(dd, 0, 1, 2, 1)",
        "cur = torch.sub(torch.add(d0, d1), torch.mul(s, 2))");
  }

  /** N, Q and P of {@link Bin} at a position. */
  private static List<String> terms(String xi) {
    return List.of(
        "rest = torch.add(torch.neg(%s), 1)".formatted(xi),
        "up = torch.mul(s, %s)".formatted(xi),
        "down = torch.mul(d0, rest)",
        "nn = torch.mul(torch.add(up, down), %s)".formatted(xi),
        "qq = torch.addcmul(s, torch.mul(%s, rest), cur)".formatted(xi),
        "pp = torch.addcmul(torch.mul(torch.add(torch.mul(up, 2), down), rest), torch.mul(d1, %s), %s)"
            .formatted(xi, xi));
  }

  private static String logDerivative() {
    return "torch.log(torch.mul(torch.square(torch.div(s, qq)), pp))";
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
