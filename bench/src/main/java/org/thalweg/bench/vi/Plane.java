package org.thalweg.bench.vi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.DensityMap;
import org.thalweg.app.picture.GraphPicture;
import org.thalweg.app.picture.PictureFile;

/** A posterior on the line or in the plane against its target, which a grid normalises. */
final class Plane {
  /** Cells along an axis. */
  private static final int CELLS = 160;

  private static final int DRAWS = 2000;

  private final Trial trial;
  private final Trial.Trained trained;
  private final int dimension;

  Plane(Trial trial, Trial.Trained trained) {
    this.trial = trial;
    this.trained = trained;
    this.dimension = trained.problem().parameterNames().size();
  }

  /** KL(target || posterior) in nats; in the plane a picture of each is written too. */
  double measure(Path docs, Cell cell) throws IOException {
    Matrix grid = grid(cell.target());
    double[] target = normalised(trial.logJoint(trained.problem(), grid));
    double volume = volume(cell.target());
    double[] posterior = trained.posterior().logDensity(grid);
    double divergence = 0;
    for (int i = 0; i < target.length; i++) {
      double mass = Math.exp(target[i]);
      if (mass > 0) {
        divergence += mass * (target[i] - posterior[i] - Math.log(volume));
      }
    }
    Path directory = Files.createDirectories(docs.resolve("images/vi"));
    if (dimension == 2) {
      pictures(directory, cell, grid, target);
    } else {
      curves(directory, cell, grid, target, posterior, volume);
    }
    return divergence;
  }

  /** The fit with its draws, the truth with draws of the grid; both show where the truth is. */
  private void pictures(Path directory, Cell cell, Matrix grid, double[] target)
      throws IOException {
    Matrix truth = drawn(cell, grid, target);
    Matrix draws = trained.posterior().sample(DRAWS, new Seed(cell.seed()).child("picture"));
    List<String> names = trained.problem().parameterNames();
    PictureFile.write(
        directory.resolve(fitName(cell)),
        DensityMap.draw(
            cell.target() + ", " + cell.label(),
            names,
            draws,
            truth,
            points -> trained.posterior().logDensity(points)));
    PictureFile.write(
        directory.resolve(cell.target() + "-truth.png"),
        DensityMap.draw(
            String.format(Locale.ROOT, "%s, up to a constant", cell.target()),
            names,
            truth,
            truth,
            points -> trial.logJoint(trained.problem(), points)));
  }

  /** On the line both densities fit in one picture. */
  private static void curves(
      Path directory, Cell cell, Matrix grid, double[] target, double[] posterior, double volume)
      throws IOException {
    double[] x = grid.column(0);
    double[] truth = Arrays.stream(target).map(log -> Math.exp(log) / volume).toArray();
    double[] fit = Arrays.stream(posterior).map(Math::exp).toArray();
    Graph graph =
        new Graph(
            "densities",
            "The target, normalised on a grid, and its approximation.",
            "x",
            "density",
            List.of(
                new Graph.Line("target", Graph.Style.REFERENCE, x, truth),
                new Graph.Line(cell.label(), Graph.Style.LINE, x, fit)));
    PictureFile.write(directory.resolve(fitName(cell)), GraphPicture.draw(graph));
  }

  /** The file of a fit's picture. */
  static String fitName(Cell cell) {
    return cell.target() + "-" + cell.method().replace("vi-", "") + ".png";
  }

  /** Middles of cells as likely as their masses, moved within the cell. */
  private Matrix drawn(Cell cell, Matrix grid, double[] target) {
    SplittableRandom random = new Seed(cell.seed()).child("truth").generator();
    double[] up = new double[target.length];
    double sum = 0;
    for (int i = 0; i < target.length; i++) {
      sum += Math.exp(target[i]);
      up[i] = sum;
    }
    Matrix out = Matrix.zeros(DRAWS, dimension);
    for (int n = 0; n < DRAWS; n++) {
      int found = Arrays.binarySearch(up, random.nextDouble() * sum);
      int i = Math.min(target.length - 1, found < 0 ? -found - 1 : found);
      for (int axis = 0; axis < dimension; axis++) {
        double[] ends = ends(cell.target(), axis);
        double width = (ends[1] - ends[0]) / CELLS;
        out.values()[n * dimension + axis] =
            grid.get(i, axis) + (random.nextDouble() - 0.5) * width;
      }
    }
    return out;
  }

  /** What holds all of the mass that a divergence of a thousandth could come from. */
  private static double reach(String target) {
    return switch (target) {
      case "multimodal-1d" -> 3;
      case "banana" -> 20;
      case "circle" -> 8;
      default -> 6;
    };
  }

  /** Energies 2 to 4 end at 4 along their first axis. */
  private static double[] ends(String target, int axis) {
    boolean wave = target.matches("energy-[234]") && axis == 0;
    double reach = wave ? 4 : reach(target);
    return new double[] {-reach, reach};
  }

  private double volume(String target) {
    double volume = 1;
    for (int axis = 0; axis < dimension; axis++) {
      double[] ends = ends(target, axis);
      volume *= (ends[1] - ends[0]) / CELLS;
    }
    return volume;
  }

  private Matrix grid(String target) {
    int rows = dimension == 1 ? CELLS : CELLS * CELLS;
    Matrix out = Matrix.zeros(rows, dimension);
    for (int i = 0; i < rows; i++) {
      int rest = i;
      for (int axis = 0; axis < dimension; axis++) {
        double[] ends = ends(target, axis);
        double share = (rest % CELLS + 0.5) / CELLS;
        out.values()[i * dimension + axis] = ends[0] + share * (ends[1] - ends[0]);
        rest /= CELLS;
      }
    }
    return out;
  }

  /** Logarithms of the cells' masses. */
  private static double[] normalised(double[] logs) {
    double most = Arrays.stream(logs).max().orElseThrow();
    double total = Arrays.stream(logs).map(log -> Math.exp(log - most)).sum();
    return Arrays.stream(logs).map(log -> log - most - Math.log(total)).toArray();
  }
}
