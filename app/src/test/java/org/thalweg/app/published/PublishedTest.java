package org.thalweg.app.published;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.app.Cli;

/**
 * The preparations against numbers that numpy 2 gives for the steps of the published scripts, on
 * tables that a formula makes.
 */
class PublishedTest {
  private static final Seed SEED = new Seed(1);

  @TempDir Path dir;

  private static double[][] table(int rows, int columns) {
    double[][] out = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        out[i][j] = Math.sin(1.3 * i + 0.7 * j * j) + 0.1 * j;
      }
    }
    return out;
  }

  private static void set(double[][] table, int column, DoubleUnaryOperator value) {
    for (int i = 0; i < table.length; i++) {
      table[i][column] = value.applyAsDouble(i);
    }
  }

  private void array(String name, double[][] table) {
    Matrix all = Matrix.of(table);
    new Parts(all, all.slice(0, 0), all.slice(0, 0)).write(dir.resolve(name));
  }

  private void text(String name, String head, String separator, double[][] table) {
    String rows =
        IntStream.range(0, table.length)
            .mapToObj(
                i ->
                    IntStream.range(0, table[i].length)
                        .mapToObj(j -> Double.toString(table[i][j]))
                        .collect(Collectors.joining(separator)))
            .collect(Collectors.joining("\n", head + "\n", "\n"));
    Cli.write(dir.resolve(name), rows);
  }

  private Parts read(String set) {
    return PublishedSet.of(set).read(dir, SEED);
  }

  private static double[] last(Matrix part, int count) {
    double[] row = part.row(part.rows() - 1);
    return Arrays.copyOf(row, count);
  }

  private static void assertRows(Parts parts, int train, int validation, int test, int columns) {
    assertEquals(train, parts.train().rows());
    assertEquals(validation, parts.validation().rows());
    assertEquals(test, parts.test().rows());
    assertEquals(columns, parts.train().columns());
  }

  @Test
  void randomNumbersAreNumpys() {
    NumpyRandom random = new NumpyRandom(42);
    Matrix rows = Matrix.zeros(10, 2);
    for (int i = 0; i < 20; i++) {
      rows.values()[i] = i;
    }
    random.shuffle(rows);
    assertArrayEquals(new double[] {16, 2, 10, 0, 14, 4, 18, 8, 6, 12}, rows.column(0));
    assertEquals(17, rows.get(0, 1));
    double[] drawn = {random.uniform(), random.uniform(), random.uniform()};
    assertArrayEquals(
        new double[] {0.15599452033620265, 0.05808361216819946, 0.8661761457749352}, drawn, 0);
  }

  /** More rows than the twister's state has words. */
  @Test
  void aLongShuffleIsNumpys() {
    NumpyRandom random = new NumpyRandom(7);
    Matrix rows = Matrix.zeros(1000, 2);
    for (int i = 0; i < 2000; i++) {
      rows.values()[i] = i;
    }
    random.shuffle(rows);
    assertArrayEquals(new double[] {1556, 668, 542, 1604, 432}, Arrays.copyOf(rows.column(0), 5));
    assertEquals(1075, rows.get(997, 1));
    assertEquals(0.6387323162306459, random.uniform());
  }

  @Test
  void power() {
    array("data.npy", table(50, 8));
    Parts parts = read("power");
    assertRows(parts, 41, 4, 5, 6);
    double[][] expected = {
      {
        0.4917134783791866, -0.0315486143684772, -1.238705234531053,
        -0.6756414457137385, 1.0294628525317795, -0.1524065424286953
      },
      {
        0.9866170911939065, -0.6316272391024271, -0.39790091545090095,
        -0.6199536007777112, 0.624896367460419, -0.7344008033773519
      },
      {
        -1.213273942440855, 1.474061476014192, -0.9779924852002105,
        -1.2809569372256442, -0.8721796398348045, 1.4240782684183972
      }
    };
    assertArrayEquals(expected[0], last(parts.train(), 6), 1e-9);
    assertArrayEquals(expected[1], last(parts.validation(), 6), 1e-9);
    assertArrayEquals(expected[2], last(parts.test(), 6), 1e-9);
  }

  @Test
  void rawPowerIsReadWithoutMissingMinutes() {
    StringBuilder text = new StringBuilder("Date;Time;a;r;v;i;1;2;3\n");
    for (int i = 0; i < 60; i++) {
      text.append("16/12/2006;17:%02d:00;".formatted(i));
      text.append(
          i == 7 ? "?;?;?;?;?;?;\n" : "%d.5;0.1;24%d.2;18;0;%d;17\n".formatted(i, i % 7, i % 3));
    }
    Cli.write(dir.resolve("household_power_consumption.txt"), text.toString());
    Parts parts = read("power");
    assertRows(parts, 49, 5, 5, 6);
    assertTrue(Arrays.stream(parts.train().values()).allMatch(Double::isFinite));
    assertArrayEquals(parts.test().values(), read("power").test().values());
    assertNotEquals(
        parts.test().get(0, 0), PublishedSet.of("power").read(dir, new Seed(2)).test().get(0, 0));
  }

  @Test
  void gas() {
    double[][] table = table(60, 19);
    set(table, 7, i -> 3 * table[(int) i][5] + 0.001 * Math.sin(2.1 * i));
    set(table, 9, i -> table[(int) i][7] + 0.001 * Math.cos(2.1 * i));
    array("ethylene_CO.npy", table);
    Parts parts = read("gas");
    assertRows(parts, 49, 5, 6, 8);
    double[] expected = {
      1.3506572293788779, -0.043633259123969294, 1.1033547914493884, -1.280278554586484,
      0.39143685752290414, -1.363055297810453, 0.7562879296442001, 1.2846273156683305
    };
    assertArrayEquals(expected, last(parts.test(), 8), 1e-9);
  }

  @Test
  void aQuarterOfRawGasIsTaken() {
    text("ethylene_CO.txt", "Time (s), and so on", "  ", table(4000, 19));
    int rows = read("gas").rows();
    // Binomial of 4000 draws: 27 rows are one standard deviation.
    assertEquals(1000, rows, 120);
  }

  @Test
  void hepmass() {
    for (String part : new String[] {"train", "test"}) {
      double[][] table = table(part.equals("train") ? 90 : 41, 28);
      set(table, 0, i -> i % 3 != 0 ? 1 : 0);
      set(table, 4, i -> Math.max(table[(int) i][4], 0));
      double[][] stray = table;
      if (part.equals("test")) {
        stray = new double[table.length][];
        for (int i = 0; i < table.length; i++) {
          stray[i] = Arrays.copyOf(table[i], 29);
        }
      }
      text("1000_" + part + ".csv", "# label, f0", ",", stray);
    }
    Parts parts = read("hepmass");
    assertRows(parts, 54, 6, 27, 26);
    assertArrayEquals(
        new double[] {
          0.8958625611622879,
          -1.3380722655129345,
          1.3418950942582901,
          0.50649865463843,
          1.328658203734328
        },
        last(parts.test(), 5),
        1e-9);
    assertArrayEquals(
        new double[] {
          -0.2430648345470982,
          -1.0402686534739616,
          0.6634099221801089,
          1.3135553246881422,
          0.6023403310276528
        },
        last(parts.validation(), 5),
        1e-9);
  }

  @Test
  void rawMinibooneIsSignalWithoutOutliers() {
    double[][] table = table(70, 50);
    table[3][0] = -999;
    table[10][0] = -999;
    set(table, 6, i -> Math.max(table[(int) i][6], 0.4));
    text("MiniBooNE_PID.txt", "   50   20", "  ", table);
    Parts parts = read("miniboone");
    assertRows(parts, 40, 4, 4, 49);
    assertArrayEquals(
        new double[] {
          1.0205068613572297,
          1.388365976877202,
          -0.6573053436029576,
          1.0359927478045972,
          -0.6620855733833667
        },
        last(parts.test(), 5),
        1e-9);
  }

  private void resource(String name, String as) {
    try (InputStream in = PublishedTest.class.getResourceAsStream(name)) {
      Files.copy(in, dir.resolve(as));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files that h5py 3 wrote: rows of 63 numbers 0, 1, 2, ... halved, less 7. */
  @Test
  void bsds300() {
    resource("small.hdf5", "BSDS300.hdf5");
    Parts parts = read("bsds300");
    assertRows(parts, 5, 2, 3, 63);
    assertEquals(-7, parts.train().get(0, 0));
    assertEquals((5 * 63 - 1) * 0.5 - 7, parts.train().get(4, 62));
    assertEquals((3 * 63 - 1) * 0.5 - 7, parts.test().get(2, 62));
  }

  @Test
  void singlePrecisionIsReadAndChunksAreRefused() {
    resource("chunked.hdf5", "other.hdf5");
    Path file = dir.resolve("other.hdf5");
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, Hdf5File.read(file, "f32").values());
    String refused =
        assertThrows(ThalwegException.class, () -> Hdf5File.read(file, "train")).getMessage();
    assertTrue(refused.contains("no plain matrix"), refused);
    String missing =
        assertThrows(ThalwegException.class, () -> Hdf5File.read(file, "x")).getMessage();
    assertTrue(missing.contains("[f32, train]"), missing);
  }

  /** Every cut and every damaged byte ends in a refusal or in numbers, never in a crash. */
  @Test
  void damagedFilesAreRefused() throws IOException {
    resource("small.hdf5", "good.hdf5");
    byte[] good = Files.readAllBytes(dir.resolve("good.hdf5"));
    Path bad = dir.resolve("bad.hdf5");
    for (int i = 0; i < 1500; i += 3) {
      byte[] damaged = good.clone();
      damaged[i] ^= (byte) 0xff;
      Files.write(bad, damaged);
      try {
        Hdf5File.read(bad, "train");
      } catch (ThalwegException e) {
        assertFalse(e.getMessage().isBlank());
      }
      Files.write(bad, Arrays.copyOf(good, i));
      assertThrows(ThalwegException.class, () -> Hdf5File.read(bad, "train"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "power,data.npy",
    "gas,ethylene_CO.txt",
    "hepmass,1000_train.csv",
    "miniboone,MiniBooNE_PID.txt",
    "bsds300,BSDS300.hdf5"
  })
  void whatIsMissingIsNamed(String set, String file) {
    Cli.Result result = Cli.run("data", set, "--from", dir, "--out", dir.resolve("out"));
    assertEquals(2, result.code());
    assertTrue(result.err().contains(file) && result.err().contains("zenodo"), result.err());
  }

  @Test
  void anotherFileIsRefused() {
    array("data.npy", table(20, 5));
    Cli.Result result = Cli.run("data", "miniboone", "--from", dir, "--out", dir.resolve("out"));
    assertEquals(2, result.code());
    assertTrue(result.err().contains("it has 5 columns, 43 are expected"), result.err());
  }

  @Test
  void aTextThatIsNoNumberIsNamedByItsLine() {
    Cli.write(dir.resolve("MiniBooNE_PID.txt"), "2 1\n" + "1 ".repeat(49) + "x\n");
    Cli.Result result = Cli.run("data", "miniboone", "--from", dir, "--out", dir.resolve("out"));
    assertEquals(2, result.code());
    assertTrue(result.err().contains("line 2 holds 'x'"), result.err());
  }

  @Test
  void unknownSetsAreRefused() {
    Cli.Result result = Cli.run("data", "powr", "--from", dir, "--out", dir);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("Did you mean 'power'?"), result.err());
  }

  @Test
  void theListNamesAllSets() {
    Cli.Result result = Cli.run("data");
    assertEquals(0, result.code());
    assertTrue(result.out().contains("bsds300"), result.out());
    assertEquals(5, ((List<?>) Cli.run("data", "--json").json().get("sets")).size());
  }

  /** From the downloaded file to a fit of the rows in their order, by the command it prints. */
  @Test
  void theCommandThatIsPrintedFits() {
    array("data.npy", table(400, 43));
    Path out = dir.resolve("out");
    Cli.Result made = Cli.run("data", "miniboone", "--from", dir, "--out", out, "--json");
    assertEquals(0, made.code(), made.err());
    assertTrue(made.err().contains("figures are not comparable"), made.err());
    assertEquals(Boolean.FALSE, made.json().get("complete"));
    String command = (String) ((List<?>) made.json().get("commands")).get(2);
    Cli.Result fitted =
        Cli.run(
            command.replace("thalweg ", "").split(" "),
            new Object[] {"--set", "steps=3", "--set", "layers=1", "--json", "--threads", "1"});
    assertEquals(0, fitted.code(), fitted.err());
    assertEquals(324, ((Number) fitted.json().get("train_rows")).intValue());
    assertEquals(36, ((Number) fitted.json().get("validation_rows")).intValue());
    assertEquals(40, ((Number) fitted.json().get("test_rows")).intValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"aem", "nsf-coupling", "nsf-ar"})
  void aDryRunProjects(String estimator) {
    Cli.Result result =
        Cli.run("data", "miniboone", "--dry-run", estimator, "--steps", 4, "--json");
    assertEquals(0, result.code(), result.err());
    double step = ((Number) result.json().get("seconds_a_step")).doubleValue();
    double all = ((Number) result.json().get("projected_seconds")).doubleValue();
    double steps = ((Number) result.json().get("steps_of_the_fit")).doubleValue();
    assertTrue(step > 0 && steps >= 6000);
    double worked = ((Number) result.json().get("processor_seconds_a_step")).doubleValue();
    assertTrue(worked >= 0 && Double.isFinite(worked));
    assertEquals(step * steps, all, 1e-9 * all);
    assertTrue(((Number) result.json().get("peak_bytes")).longValue() > 1 << 20);
  }

  /** Every shipped file holds options that its estimator takes. */
  @Test
  void allConfigurationsBind() {
    for (PublishedSet set : PublishedSet.ALL) {
      for (String estimator : PublishedSet.CONFIGS) {
        Path file = new PublishedConfig(set, estimator).write(dir);
        Path data = Cli.correlated(dir.resolve("c.csv"), 60);
        Cli.Result result =
            Cli.run(
                "fit",
                "--estimator",
                estimator,
                "--data",
                data,
                "--config",
                file,
                "--out",
                dir.resolve("m.thalweg"),
                "--set",
                "steps=1",
                "--set",
                "hidden=8",
                "--set",
                estimator.equals("aem") ? "scoring-samples=2" : "layers=1",
                "--set",
                estimator.equals("aem") ? "kernels=2" : "blocks=1",
                "--columns",
                "a,b",
                "--threads",
                1,
                "--engine",
                "cpu");
        assertEquals(0, result.code(), file + ": " + result.err());
      }
    }
  }
}
