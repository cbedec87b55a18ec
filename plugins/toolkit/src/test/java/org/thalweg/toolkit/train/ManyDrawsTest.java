package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Density;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.Sampler;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Cost;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.nn.Draws;

/** However many draws are asked for, a density makes a bounded number at a time. */
class ManyDrawsTest {
  private static final int MOST_AT_A_TIME = 4096;
  private static final double SCALE = 0.1;

  @ParameterizedTest
  @CsvSource({"3, 10000", "3, 4096", "3, 4097", "5000, 1", "1500, 3", "3, 0"})
  void drawsComeInBoundedPiecesInTheOrderOfTheirContexts(int contexts, int perContext) {
    List<Long> made = new CopyOnWriteArrayList<>();
    var provider = new MaximumLikelihoodProvider<>(new Following(made));
    var config = ConfigBinder.bind(provider.defaults(), Map.of("epochs", 30, "learning-rate", 0.1));
    try (Engine engine = Gaussians.engine(2);
        Model model =
            provider
                .create(config, new EstimatorContext(engine, Gaussians.registry()))
                .fit(data(), FitOptions.seed(1), FitListener.SILENT)) {
      made.clear();
      Matrix given = Matrix.zeros(contexts, 1);
      for (int i = 0; i < contexts; i++) {
        given.values()[i] = i % 3;
      }
      Matrix drawn = model.as(Sampler.class).sample(perContext, given, new Seed(2));
      assertEquals(contexts * perContext, drawn.rows());
      assertTrue(made.stream().allMatch(rows -> rows <= MOST_AT_A_TIME), made.toString());
      assertEquals(drawn.rows(), made.stream().mapToLong(Long::longValue).sum());
      for (int i = 0; i < drawn.rows(); i++) {
        // Five standard deviations, and what the fit leaves to be desired.
        assertEquals(i / perContext % 3, drawn.get(i, 0), 0.45, "draw " + i);
      }
      // Every piece has random numbers of its own.
      long distinct = Arrays.stream(drawn.column(0)).distinct().count();
      assertTrue(distinct >= 0.99 * drawn.rows(), distinct + " of " + drawn.rows());
    }
  }

  /** The feature is the context, 0, 1 or 2, and a little noise. */
  private static Dataset data() {
    SplittableRandom random = new SplittableRandom(4);
    int rows = 600;
    Matrix x = Matrix.zeros(rows, 1);
    Matrix c = Matrix.zeros(rows, 1);
    for (int i = 0; i < rows; i++) {
      c.values()[i] = i % 3;
      x.values()[i] = i % 3 + SCALE * Math.max(-3, Math.min(3, random.nextGaussian()));
    }
    Schema schema = new Schema(List.of(Column.feature("x"), Column.context("c")));
    return new Dataset(schema, Rows.of(x, c));
  }

  /** A Gaussian about its context; notes how many rows it draws at a time. */
  private record Following(List<Long> made) implements DensityProvider<Gaussians.Config> {
    @Override
    public String name() {
      return "gaussians";
    }

    @Override
    public String summary() {
      return "A Gaussian about its context";
    }

    @Override
    public Gaussians.Config defaults() {
      return new Gaussians.Config(1);
    }

    @Override
    public TrainableDensity create(Gaussians.Config config, BuildContext context) {
      Parameter scale = context.scope().parameter("log-scale", new Shape(1), Initializer.ZEROS);
      return binding ->
          given ->
              new Bound(
                  binding.tape(),
                  ((Context.Of) given).rows(),
                  binding.tape().parameter(scale),
                  made);
    }
  }

  private record Bound(Tape tape, NDArray centre, NDArray logScale, List<Long> made)
      implements Density {
    @Override
    public NDArray logDensity(NDArray x) {
      NDArray z = x.sub(centre).mul(logScale.neg().exp());
      return z.square().mul(-0.5).sub(logScale).sum(new int[] {1});
    }

    @Override
    public Draw sampleWithLogDensity(int perContext, Seed seed) {
      NDArray centres = centre.repeat(0, perContext);
      made.add(centres.getShape().get(0));
      NDArray noise = Draws.normal(tape, seed, centres.getShape());
      return new Draw(centres.add(noise.mul(logScale.exp())), noise.square().sum(new int[] {1}));
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
