package org.thalweg.sbi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.ConditionalDensity;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.inference.Prior;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;
import org.thalweg.toolkit.train.ParameterStore;
import org.thalweg.toolkit.train.Workers;

/**
 * A density that leaks, known in closed form: theta is uniform on [-1, 1], x = theta + s noise, and
 * q(theta | x) is A times the posterior in the box, with the mass 1 - A evenly on [2, 3], where no
 * parameter can be.
 */
record Leaking(double share, double s, Engine engine) {
  static final Prior PRIOR = IndependentPrior.of("theta", new Marginal.Uniform(-1, 1));

  private static final Matrix SCALED = PRIOR.sample(1000, new Seed(1));
  private static final ParameterSpace SPACE =
      ParameterSpace.of(PRIOR, SupportHandling.REJECTED, SCALED);
  private static final ObservationScale SCALE = ObservationScale.of(SCALED);

  /** What was integrated once. */
  private static final Map<Given, Double> EVIDENCE = new ConcurrentHashMap<>();

  private record Given(double s, double x) {}

  /** It as what was learnt. */
  Learnt learnt() {
    PointFeatures features = PointFeatures.of(SPACE, SPACE.points(SCALED), SPACE.points(SCALED));
    Net net = new Net.OfPosterior(density());
    var store = new ParameterStore(engine, new Seed(1));
    return new Learnt(engine, store, net, SPACE, features, SCALE, new Workers(1));
  }

  /** Simulations as nets see them. */
  static Table table(Matrix parameters, Matrix data) {
    double[] points = SPACE.points(parameters);
    return new Table(
        points, SCALE.apply(data), SPACE.logPrior(points), 1, 1, new int[parameters.rows()]);
  }

  /** log p(x | theta). */
  double logLikelihood(double theta, double x) {
    double z = (x - theta) / s;
    return -0.5 * z * z - Math.log(s) - 0.5 * Math.log(2 * Math.PI);
  }

  /** Its mean over the box, which is the evidence, by Simpson's rule. */
  private double logEvidence(double x) {
    return EVIDENCE.computeIfAbsent(new Given(s, x), Leaking::logEvidence);
  }

  private static double logEvidence(Given given) {
    Leaking of = new Leaking(1, given.s(), Sbi.DOUBLE);
    int cells = 2000;
    double sum = 0;
    for (int i = 0; i <= cells; i++) {
      int weight = i == 0 || i == cells ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(of.logLikelihood(-1 + 2.0 * i / cells, given.x()));
    }
    return Math.log(sum / (3 * cells));
  }

  /** log q(theta | x), the theta-density's. */
  double logDensity(double theta, double x) {
    if (theta > -1 && theta < 1) {
      return Math.log(share) + logLikelihood(theta, x) - Math.log(2) - logEvidence(x);
    }
    return theta >= 2 && theta <= 3 ? Math.log(1 - share) : -1e6;
  }

  private TrainableDensity density() {
    return binding -> conditional(binding);
  }

  private ConditionalDensity conditional(Binding binding) {
    return context -> {
      if (!(context instanceof Context.Of given)) {
        throw new IllegalArgumentException("It needs an observation.");
      }
      return new Bound(binding.tape(), engine.hostView(given.rows()).toDoubles());
    };
  }

  private final class Bound implements Density {
    private final Tape tape;
    private final double[] x;

    private Bound(Tape tape, double[] scaled) {
      this.tape = tape;
      double[] affine = SCALE.apply(Matrix.of(new double[] {0}, new double[] {1}));
      this.x = new double[scaled.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = (scaled[i] - affine[0]) / (affine[1] - affine[0]);
      }
    }

    private double unit() {
      return SPACE.deviation()[0];
    }

    @Override
    public NDArray logDensity(NDArray points) {
      Matrix theta = SPACE.parameters(engine.hostView(points).toDoubles());
      double[] out = new double[theta.rows()];
      for (int i = 0; i < out.length; i++) {
        int of = i / (out.length / x.length);
        out[i] = Leaking.this.logDensity(theta.get(i, 0), x[of]) + Math.log(unit());
      }
      return tape.constant(out, new Shape(out.length));
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      SplittableRandom random = seed.generator();
      double[] theta = new double[x.length * perContext];
      for (int i = 0; i < theta.length; i++) {
        double at = 2 + random.nextDouble();
        if (random.nextDouble() < share) {
          do {
            at = x[i / perContext] + s * random.nextGaussian();
          } while (Math.abs(at) >= 1);
        }
        theta[i] = at;
      }
      double[] points = SPACE.points(new Matrix(theta.length, 1, theta));
      NDArray value = tape.constant(points, new Shape(points.length, 1));
      return new Draw(value, logDensity(value));
    }

    @Override
    public Cost densityCost() {
      return Cost.ONE_PASS;
    }

    @Override
    public Cost sampleCost() {
      return Cost.ONE_PASS;
    }
  }
}
