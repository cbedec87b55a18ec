package org.thalweg.splines;

import java.util.Arrays;

/**
 * The rational-quadratic piece of one element, in plain numbers, with the formulas of {@link Bin}.
 * One object serves element after element: {@link #find} moves it, {@link #at} or {@link #atNoise}
 * evaluates it.
 */
final class Piece {
  private final int bins;
  private final double bound;
  private final Ends ends;
  private final double minWidth;
  private final double minHeight;
  private final double minSlope;
  private final double freeWidth;
  private final double freeHeight;

  /** exp of unconstrained parameters; an element has K widths, K heights and the slopes. */
  private double[] exponentials;

  /** Where the element's begin. */
  private int start;

  private int bin;
  private double widths;
  private double heights;
  private double left;
  private double width;
  private double bottom;
  private double height;
  private double slope;
  private double before;
  private double after;

  private double xi;
  private double numerator;
  private double denominator;
  private double quadratic;

  Piece(RationalQuadraticConfig config) {
    bins = config.bins();
    bound = config.bound();
    ends = config.ends();
    minWidth = 2 * bound * config.minBinWidth();
    minHeight = 2 * bound * config.minBinHeight();
    minSlope = config.minDerivative();
    freeWidth = 2 * bound - bins * minWidth;
    freeHeight = 2 * bound - bins * minHeight;
  }

  /** Moves to an element and to the bin of its value, which is inside the bound. */
  void find(double[] e, int from, double value, Knots.Axis axis) {
    exponentials = e;
    start = from;
    double sumX = 0;
    double sumY = 0;
    for (int j = from; j < from + bins; j++) {
      sumX += e[j];
      sumY += e[j + bins];
    }
    double wide = freeWidth / sumX;
    double high = freeHeight / sumY;
    double x = -bound;
    double y = -bound;
    int k = 0;
    double w = minWidth + wide * e[from];
    double h = minHeight + high * e[from + bins];
    while (k < bins - 1 && value >= (axis == Knots.Axis.DATA ? x + w : y + h)) {
      x += w;
      y += h;
      k++;
      w = minWidth + wide * e[from + k];
      h = minHeight + high * e[from + bins + k];
    }
    bin = k;
    widths = sumX;
    heights = sumY;
    left = x;
    bottom = y;
    width = w;
    height = h;
    slope = h / w;
    before = slopeAt(k);
    after = slopeAt(k + 1);
  }

  private double slopeAt(int knot) {
    int own = ends.slopeOf(knot, bins);
    return own < 0 ? 1 : minSlope + Math.log(1 + exponentials[start + 2 * bins + own]);
  }

  /** Evaluates at a data value in the bin. */
  void at(double x) {
    terms((x - left) / width);
  }

  /** Evaluates where the noise value is {@code y}: eqs. 25 to 29, divided by h. */
  void atNoise(double y) {
    double r = Math.min(1, Math.max(0, (y - bottom) / height));
    double b = before - r * curvature();
    double a = slope - b;
    double c = slope * r;
    double root = Math.sqrt(Math.max(0, b * b + 4 * a * c));
    // The form that does not cancel; a is positive where b is negative.
    terms(b >= 0 ? 2 * c / Math.max(Double.MIN_NORMAL, b + root) : (root - b) / (2 * a));
  }

  private double curvature() {
    return before + after - 2 * slope;
  }

  private void terms(double position) {
    double z = Math.min(1, Math.max(0, position));
    double rest = 1 - z;
    double t = z * rest;
    xi = z;
    numerator = slope * z * z + before * t;
    denominator = slope + curvature() * t;
    quadratic = after * z * z + 2 * slope * t + before * rest * rest;
  }

  /** The noise value. */
  double noise() {
    return bottom + height * numerator / denominator;
  }

  /** The data value. */
  double data() {
    return left + width * xi;
  }

  /** dy/dx. */
  double derivative() {
    double ratio = slope / denominator;
    return ratio * ratio * quadratic;
  }

  /** d log(dy/dx) / dx. */
  double logDerivativeByData() {
    return (quadraticByXi() / quadratic - 2 * denominatorByXi() / denominator) / width;
  }

  private double denominatorByXi() {
    return curvature() * (1 - 2 * xi);
  }

  private double quadraticByXi() {
    return 2 * (after * xi + slope * (1 - 2 * xi) - before * (1 - xi));
  }

  /**
   * The gradient of {@code u y + v log(dy/dx)} by the unconstrained parameters, at fixed x.
   *
   * @param gradient where it is written, at the element's place
   * @return the derivative by x
   */
  double backward(double u, double v, double[] gradient) {
    double z = xi;
    double rest = 1 - z;
    double t = z * rest;
    double perDenominator = 1 / denominator;
    double perQuadratic = v / quadratic;
    double value = numerator * perDenominator;
    // d/dz of u h N / Q + v (log P + 2 log s - 2 log Q), where N, Q and P depend on z.
    double byNumerator = u * height * perDenominator;
    double byDenominator = -byNumerator * value - 2 * v * perDenominator;
    double byXi =
        byNumerator * (2 * slope * z + before * (1 - 2 * z))
            + byDenominator * denominatorByXi()
            + perQuadratic * quadraticByXi();
    double bySlope =
        byNumerator * z * z + byDenominator * (1 - 2 * t) + perQuadratic * 2 * t + 2 * v / slope;
    int slopes = start + 2 * bins;
    Arrays.fill(gradient, slopes, slopes + ends.slopes(bins), 0);
    int left = ends.slopeOf(bin, bins);
    if (left >= 0) {
      double by = (byNumerator + byDenominator) * t + perQuadratic * rest * rest;
      gradient[slopes + left] = by * sigmoid(exponentials[slopes + left]);
    }
    int right = ends.slopeOf(bin + 1, bins);
    if (right >= 0) {
      double by = byDenominator * t + perQuadratic * z * z;
      gradient[slopes + right] = by * sigmoid(exponentials[slopes + right]);
    }
    double perWidth = 1 / width;
    double byLeft = -byXi * perWidth;
    double byWidth = byLeft * z - bySlope * slope * perWidth;
    sizes(start, freeWidth, widths, byLeft, byWidth, gradient);
    sizes(start + bins, freeHeight, heights, u, u * value + bySlope * perWidth, gradient);
    return -byLeft;
  }

  /** The derivative of a softplus, from the exponential of its argument. */
  private static double sigmoid(double e) {
    return e / (1 + e);
  }

  /**
   * The gradient by the logits of a softmax whose shares of {@code free} are the bins' sizes.
   *
   * @param sum the sum of the exponentials
   * @param byBefore the derivative by the size of any bin before the element's
   * @param bySize the derivative by the size of the element's bin
   */
  private void sizes(
      int from, double free, double sum, double byBefore, double bySize, double[] gradient) {
    double[] e = exponentials;
    int own = from + bin;
    double earlier = 0;
    for (int j = from; j < own; j++) {
      earlier += e[j];
    }
    double unit = free / sum;
    double mean = (byBefore * earlier + bySize * e[own]) / sum;
    double before = unit * (byBefore - mean);
    double after = -unit * mean;
    for (int j = from; j < own; j++) {
      gradient[j] = before * e[j];
    }
    gradient[own] = unit * (bySize - mean) * e[own];
    for (int j = own + 1; j < from + bins; j++) {
      gradient[j] = after * e[j];
    }
  }
}
