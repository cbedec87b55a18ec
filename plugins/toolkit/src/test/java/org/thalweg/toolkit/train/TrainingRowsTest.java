package org.thalweg.toolkit.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Standardiser;

/** A batch has the numbers of its rows, whether they are sent or kept on the device. */
class TrainingRowsTest {
  private static final int ROWS = 40;
  private static final int[] CHOSEN = {7, 3, 39, 3, 0};

  private static Dataset table(Column second) {
    SplittableRandom random = new SplittableRandom(1);
    Matrix x = new Matrix(ROWS, 2, random.doubles(2 * ROWS, 1, 9).map(Math::rint).toArray());
    Matrix context = new Matrix(ROWS, 1, random.doubles(ROWS, -1, 1).toArray());
    double[] weights = IntStream.range(0, ROWS).mapToDouble(i -> 1 + i % 3).toArray();
    var rows = new Rows(x, context, Noise.NONE, Optional.of(weights), Optional.empty());
    Schema schema = new Schema(List.of(Column.feature("a"), second, Column.context("c")));
    return new Dataset(schema, rows);
  }

  private static TrainingRows rows(Dataset table) {
    return new TrainingRows(table, Standardiser.fit(table), new Seed(5));
  }

  @Test
  void whatTheDeviceKeepsIsWhatWouldBeSent() {
    Dataset table = table(Column.feature("b"));
    Standardiser standardiser = Standardiser.fit(table);
    Rows own = table.rows().select(CHOSEN);
    try (Engine device = Simulated.device(DataType.FLOAT64)) {
      TrainingRows rows = new TrainingRows(table, standardiser, new Seed(5));
      for (int epoch = 0; epoch < 2; epoch++) {
        try (Tape tape = device.newTape(Tape.Mode.FIRST_ORDER)) {
          TrainingRows.Batch batch = rows.batch(CHOSEN, epoch);
          assertEquals(new Shape(5, 2), batch.features(tape).getShape());
          double[] features = standardiser.features(own.features());
          assertArrayEquals(features, device.hostView(batch.features(tape)).toDoubles());
          assertArrayEquals(features, batch.features());
          double[] contexts = standardiser.contexts(own.context());
          assertArrayEquals(
              contexts, device.hostView(batch.contexts(tape).orElseThrow()).toDoubles());
          assertArrayEquals(contexts, batch.contexts());
          assertArrayEquals(standardiser.logAbsDet(own.features()), batch.logAbsDet(), 1e-15);
        }
      }
    }
  }

  @Test
  void aTableThatTheDeviceDoesNotHoldIsSentABatchAtATime() {
    Dataset table = table(Column.feature("b"));
    TrainingRows rows = rows(table);
    try (Engine device = Simulated.device(DataType.FLOAT64);
        Tape tape = Cramped.engine(device, ROWS - 1).newTape(Tape.Mode.FIRST_ORDER)) {
      TrainingRows.Batch batch = rows.batch(CHOSEN, 0);
      assertArrayEquals(batch.features(), device.hostView(batch.features(tape)).toDoubles());
    }
  }

  @Test
  void whatWasGivenBackIsWrittenAgainWhereItIsAskedFor() {
    TrainingRows rows = rows(table(Column.feature("b")));
    try (Engine device = Simulated.device(DataType.FLOAT64)) {
      for (int training = 0; training < 2; training++) {
        try (Tape tape = device.newTape(Tape.Mode.FIRST_ORDER)) {
          TrainingRows.Batch batch = rows.batch(CHOSEN, 0);
          assertArrayEquals(batch.features(), device.hostView(batch.features(tape)).toDoubles());
        }
        rows.release();
      }
    }
    rows.release(); // The engine is closed by then.
  }

  /** A batch is one array: which rows. */
  @Test
  void aStepSendsTheNumbersOfItsRowsAlone() {
    Dataset plain = Gaussians.data(200);
    TrainingRows rows = new TrainingRows(plain, Standardiser.fit(plain), new Seed(5));
    try (Engine device = Simulated.device(DataType.FLOAT32)) {
      long[] uploads = new long[3];
      for (int i = 0; i < uploads.length; i++) {
        uploads[i] = Long.parseLong(device.describe().get("uploads"));
        try (Tape tape = device.newTape(Tape.Mode.FIRST_ORDER)) {
          TrainingRows.Batch batch = rows.batch(CHOSEN, i);
          batch.mean(tape, batch.features(tape).get(":, 0"));
        }
      }
      assertEquals(1, uploads[2] - uploads[1]);
    }
  }

  @Test
  void roundedColumnsAreSpreadAnewInEachEpoch() {
    TrainingRows rows = rows(table(Column.feature("b").withResolution(1)));
    try (Engine device = Simulated.device(DataType.FLOAT64)) {
      double[][] found = new double[3][];
      for (int i = 0; i < 3; i++) {
        try (Tape tape = device.newTape(Tape.Mode.FIRST_ORDER)) {
          TrainingRows.Batch batch = rows.batch(CHOSEN, i / 2);
          found[i] = device.hostView(batch.features(tape)).toDoubles();
          assertArrayEquals(batch.features(), found[i]);
        }
      }
      assertArrayEquals(found[0], found[1]);
      assertFalse(Arrays.equals(found[1], found[2]));
    }
  }

  @Test
  void theMeanIsWeighted() {
    Dataset table = table(Column.feature("b"));
    TrainingRows.Batch batch = rows(table).batch(CHOSEN, 0);
    double all = IntStream.range(0, ROWS).mapToDouble(i -> 1 + i % 3).average().orElseThrow();
    double expected =
        Arrays.stream(CHOSEN).mapToDouble(i -> (1 + i % 3) / all * i).average().orElseThrow();
    try (Engine host = Gaussians.engine(1);
        Tape tape = host.newTape(Tape.Mode.EVALUATE)) {
      double[] numbers = Arrays.stream(CHOSEN).asDoubleStream().toArray();
      var mean = batch.mean(tape, tape.constant(numbers, new Shape(CHOSEN.length)));
      assertEquals(expected, host.hostView(mean).toDoubles()[0], 1e-5 * expected);
      assertTrue(mean.getShape().isScalar());
    }
  }
}
