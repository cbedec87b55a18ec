package org.thalweg.app.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.FitEvent;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.random.Seed;
import org.thalweg.app.demo.Ring;

class PicturesTest {
  @TempDir Path dir;

  private BufferedImage written(BufferedImage image) throws IOException {
    Path file = dir.resolve("p.png");
    PictureFile.write(file, image);
    BufferedImage read = ImageIO.read(file.toFile());
    assertEquals(image.getWidth(), read.getWidth());
    return read;
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> out = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        out.add(image.getRGB(x, y) & 0xffffff);
      }
    }
    return out;
  }

  @Test
  void theTrainingCurveShowsBothSeries() throws IOException {
    List<FitEvent.Validated> history =
        List.of(
            new FitEvent.Validated(10, 0, -3, -2.5, true),
            new FitEvent.Validated(20, 1, Double.NaN, -2, true),
            new FitEvent.Validated(30, 2, -1.5, -2.1, false));
    Set<Integer> colours = colours(written(TrainingCurve.draw(history)));
    assertTrue(colours.contains(Palette.DATA.getRGB() & 0xffffff));
    assertTrue(colours.contains(Palette.MODEL.getRGB() & 0xffffff));
  }

  @Test
  void oneValidationIsEnough() throws IOException {
    written(TrainingCurve.draw(List.of(new FitEvent.Validated(1, 0, Double.NaN, -2, true))));
  }

  @Test
  void thePairPlotHasACellForEachPairUpToSixColumns() throws IOException {
    Matrix two = Ring.sample(500, new Seed(1));
    BufferedImage image = written(PairPlot.draw(List.of("x", "y"), two, two));
    assertTrue(colours(image).size() > 20);
    Matrix nine = Matrix.zeros(50, 9);
    for (int i = 0; i < nine.values().length; i++) {
      nine.values()[i] = Math.sin(i);
    }
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");
    BufferedImage many = PairPlot.draw(names, nine, nine);
    assertEquals(many.getWidth(), many.getHeight());
    Set<Integer> alone = colours(PairPlot.draw(List.of("x", "y"), two));
    assertTrue(alone.contains(Palette.MODEL.getRGB() & 0xffffff));
    assertFalse(alone.contains(Palette.DATA.getRGB() & 0xffffff), "there is no data to show");
    BufferedImage constant = PairPlot.draw(List.of("a"), Matrix.zeros(3, 1), Matrix.zeros(3, 1));
    assertTrue(colours(constant).size() > 1);
  }

  @Test
  void theDensityMapIsBrightWhereTheDensityIsHigh() throws IOException {
    Matrix data = Ring.sample(400, new Seed(1));
    BufferedImage image =
        written(
            DensityMap.draw("ring", List.of("x", "y"), data, points -> Ring.logDensity(points)));
    assertTrue(colours(image).size() > 50);
    // The middle of the ring is empty.
    int middle = image.getRGB(80 + 300, 40 + 300) & 0xffffff;
    assertEquals(Palette.viridis(0), middle);
  }

  /** A grid has many lines of two names, such as the one that a flow bends. */
  @Test
  void linesOfOneLabelAreShownAlike() throws IOException {
    List<Graph.Line> grid = new ArrayList<>();
    for (double at : new double[] {-1, 0, 1}) {
      double[] ends = {-1, 1};
      double[] same = {at, at};
      grid.add(new Graph.Line("down", Graph.Style.LINE, same, ends));
      grid.add(new Graph.Line("across", Graph.Style.LINE, ends, same));
    }
    BufferedImage six = written(GraphPicture.draw(new Graph("grid", "a grid", "x", "y", grid)));
    BufferedImage two =
        GraphPicture.draw(new Graph("grid", "a grid", "x", "y", grid.subList(4, 6)));
    for (Color colour : List.of(Palette.DATA, Palette.MODEL)) {
      long more = count(six, colour);
      // The legend has one line of each name in both pictures.
      assertTrue(more > 2 * count(two, colour), more + " pixels of three lines");
    }
  }

  private static long count(BufferedImage image, Color colour) {
    int wanted = colour.getRGB() & 0xffffff;
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return Arrays.stream(pixels).filter(pixel -> (pixel & 0xffffff) == wanted).count();
  }

  @Test
  void ticksAreRound() {
    assertArrayEquals(new double[] {-1, -0.5, 0, 0.5, 1}, Ticks.of(-1.2, 1.3, 5), 1e-12);
    assertArrayEquals(new double[] {0, 200, 400}, Ticks.of(0, 401, 3), 1e-9);
    assertEquals("0.3", Ticks.label(3 * 0.1));
    assertEquals("-200", Ticks.label(-200));
  }
}
