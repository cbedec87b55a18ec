package org.thalweg.splines;

import java.util.Arrays;

/**
 * The rational-quadratic piece of one element, in plain numbers, with the formulas of {@link Bin}.
 * One object serves element after element: {@link #find} moves it, {@link #at} or {@link #atNoise}
 * evaluates it.
 */
final class Piece {
  private static final double MOST = Math.exp(Knots.LARGEST_LOGIT);
  private static final double LEAST = Math.exp(-Knots.LARGEST_LOGIT);

  /** Beside a sum as large as this, what is below {@link #LEAST} is below rounding. */
  private static final double LEAST_SUM = Math.exp(-Knots.LARGEST_LOGIT / 2);

  private final int bins;
  private final double bound;

  /** Which of the free slopes belongs to each knot, see {@link Ends#slopeOf}. */
  private final int[] slopeOf;

  private final int slopes;
  private final double minWidth;
  private final double minHeight;
  private final double minSlope;
  private final double freeWidth;
  private final double freeHeight;

  /** exp of unconstrained parameters; an element has K widths, K heights and the slopes. */
  private double[] exponentials;

  /** Where the element's begin. */
  private int start;

  // What Found keeps of an element.
  int bin;
  boolean clipped;
  double widths;
  double heights;
  double widthsBefore;
  double heightsBefore;
  double before;
  double after;

  private double left;
  private double width;
  private double perWidth;
  private double bottom;
  private double height;
  private double slope;

  private double xi;
  private double numerator;
  private double denominator;
  private double quadratic;

  Piece(RationalQuadraticConfig config) {
    bins = config.bins();
    bound = config.bound();
    slopeOf = new int[bins + 1];
    Arrays.setAll(slopeOf, knot -> config.ends().slopeOf(knot, bins));
    slopes = config.ends().slopes(bins);
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
    sum();
    clipped = !regular(widths) || !regular(heights);
    if (clipped) {
      clip();
      sum();
    }
    search(value, axis);
    before = slopeAt(bin);
    after = slopeAt(bin + 1);
    perWidth = 1 / width;
    slope = height * perWidth;
  }

  /** Moves to an element that was found before. */
  void recall(double[] e, int from, Found found, int element) {
    exponentials = e;
    start = from;
    found.recall(element, this);
    if (clipped) {
      clip();
    }
    place();
  }

  private void sum() {
    double[] e = exponentials;
    widths = sum(e, start, start + bins);
    heights = sum(e, start + bins, start + 2 * bins);
  }

  // The two loops over bins take eight at a time, the usual number: a loop that is begun for eight
  // steps costs more than the steps.

  private static double sum(double[] e, int from, int to) {
    double sum = 0;
    int j = from;
    for (; j + 8 <= to; j += 8) {
      sum +=
          ((e[j] + e[j + 1]) + (e[j + 2] + e[j + 3]))
              + ((e[j + 4] + e[j + 5]) + (e[j + 6] + e[j + 7]));
    }
    for (; j < to; j++) {
      sum += e[j];
    }
    return sum;
  }

  /** Sets {@code gradient} to e times one factor before an element, and another from there on. */
  private static void scale(
      double[] e, double[] gradient, int from, int to, int own, double before, double after) {
    int j = from;
    for (; j + 8 <= to; j += 8) {
      gradient[j] = (j < own ? before : after) * e[j];
      gradient[j + 1] = (j + 1 < own ? before : after) * e[j + 1];
      gradient[j + 2] = (j + 2 < own ? before : after) * e[j + 2];
      gradient[j + 3] = (j + 3 < own ? before : after) * e[j + 3];
      gradient[j + 4] = (j + 4 < own ? before : after) * e[j + 4];
      gradient[j + 5] = (j + 5 < own ? before : after) * e[j + 5];
      gradient[j + 6] = (j + 6 < own ? before : after) * e[j + 6];
      gradient[j + 7] = (j + 7 < own ? before : after) * e[j + 7];
    }
    for (; j < to; j++) {
      gradient[j] = (j < own ? before : after) * e[j];
    }
  }

  /** Whether no exponential that matters for its sum lies beyond what counts. */
  private static boolean regular(double sum) {
    return sum >= LEAST_SUM && sum <= MOST;
  }

  /** {@link Knots#clipped} of the exponentials. */
  private void clip() {
    for (int i = start; i < start + 2 * bins; i++) {
      exponentials[i] = Math.max(LEAST, Math.min(MOST, exponentials[i]));
    }
  }

  private void search(double value, Knots.Axis axis) {
    double[] e = exponentials;
    int x = start;
    int y = start + bins;
    double wide = freeWidth / widths;
    double high = freeHeight / heights;
    double fromX = -bound;
    double fromY = -bound;
    double sumX = 0;
    double sumY = 0;
    int k = 0;
    double w = minWidth + wide * e[x];
    double h = minHeight + high * e[y];
    while (k < bins - 1 && value >= (axis == Knots.Axis.DATA ? fromX + w : fromY + h)) {
      fromX += w;
      fromY += h;
      sumX += e[x + k];
      sumY += e[y + k];
      k++;
      w = minWidth + wide * e[x + k];
      h = minHeight + high * e[y + k];
    }
    bin = k;
    widthsBefore = sumX;
    heightsBefore = sumY;
    left = fromX;
    bottom = fromY;
    width = w;
    height = h;
  }

  private void place() {
    double wide = freeWidth / widths;
    double high = freeHeight / heights;
    left = bin * minWidth + wide * widthsBefore - bound;
    bottom = bin * minHeight + high * heightsBefore - bound;
    width = minWidth + wide * exponentials[start + bin];
    height = minHeight + high * exponentials[start + bins + bin];
    perWidth = 1 / width;
    slope = height * perWidth;
  }

  private double slopeAt(int knot) {
    int own = slopeOf[knot];
    return own < 0 ? 1 : minSlope + Math.log(1 + slopeExponential(own));
  }

  private double slopeExponential(int own) {
    return Math.min(MOST, exponentials[start + 2 * bins + own]);
  }

  /** Evaluates at a data value in the bin. */
  void at(double x) {
    terms((x - left) * perWidth);
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
    // Not min and max, which also tell zeros by their signs.
    double z = position < 0 ? 0 : position > 1 ? 1 : position;
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
    return (quadraticByXi() / quadratic - 2 * denominatorByXi() / denominator) * perWidth;
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
    int first = start + 2 * bins;
    Arrays.fill(gradient, first, first + slopes, 0);
    int left = slopeOf[bin];
    if (left >= 0) {
      double by = (byNumerator + byDenominator) * t + perQuadratic * rest * rest;
      gradient[first + left] = by * sigmoid(slopeExponential(left));
    }
    int right = slopeOf[bin + 1];
    if (right >= 0) {
      double by = byDenominator * t + perQuadratic * z * z;
      gradient[first + right] = by * sigmoid(slopeExponential(right));
    }
    double byLeft = -byXi * perWidth;
    double byWidth = byLeft * z - bySlope * slope * perWidth;
    double byHeight = u * value + bySlope * perWidth;
    sizes(start, freeWidth, widths, widthsBefore, byLeft, byWidth, gradient);
    sizes(start + bins, freeHeight, heights, heightsBefore, u, byHeight, gradient);
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
   * @param earlier the sum of those before the element's bin
   * @param byBefore the derivative by the size of any bin before the element's
   * @param bySize the derivative by the size of the element's bin
   */
  private void sizes(
      int from,
      double free,
      double sum,
      double earlier,
      double byBefore,
      double bySize,
      double[] gradient) {
    double[] e = exponentials;
    int own = from + bin;
    double unit = free / sum;
    double mean = (byBefore * earlier + bySize * e[own]) / sum;
    double before = unit * (byBefore - mean);
    double after = -unit * mean;
    scale(e, gradient, from, from + bins, own, before, after);
    gradient[own] = unit * (bySize - mean) * e[own];
  }
}
