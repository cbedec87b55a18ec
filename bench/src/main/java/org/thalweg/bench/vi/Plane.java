package org.thalweg.bench.vi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;
import org.thalweg.app.picture.DensityMap;
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
    if (dimension == 2) {
      pictures(docs.resolve("images/vi"), cell);
    }
    return divergence;
  }

  private void pictures(Path directory, Cell cell) throws IOException {
    Files.createDirectories(directory);
    Matrix draws = trained.posterior().sample(DRAWS, new Seed(cell.seed()).child("picture"));
    List<String> names = trained.problem().parameterNames();
    String label = cell.method().replace("vi-", "");
    PictureFile.write(
        directory.resolve(cell.target() + "-" + label + ".png"),
        DensityMap.draw(
            cell.target() + ", " + cell.label(),
            names,
            draws,
            points -> trained.posterior().logDensity(points)));
    PictureFile.write(
        directory.resolve(cell.target() + "-truth.png"),
        DensityMap.draw(
            String.format(Locale.ROOT, "%s, up to a constant", cell.target()),
            names,
            draws,
            points -> trial.logJoint(trained.problem(), points)));
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
