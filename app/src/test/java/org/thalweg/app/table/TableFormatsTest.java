package org.thalweg.app.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;
import org.thalweg.app.Cli;

class TableFormatsTest {
  private static final Schema AB = new Schema(List.of(Column.feature("a"), Column.feature("b")));

  @TempDir Path dir;

  private Ingest read(TableQuery query, Schema schema) {
    try (Workspace workspace = new Workspace(1)) {
      Table table = new TableReader(workspace).open(query);
      return Ingest.read(table, schema, MissingValues.LEFT_OUT, 1000, new Seed(0));
    }
  }

  private Matrix features(Path file) {
    return read(TableQuery.of(file), AB).data().rows().features();
  }

  private static void assertRows(Matrix found, double... expected) {
    assertArrayEquals(expected, found.values());
  }

  @Test
  void readsEverySeparator() {
    for (String separator : List.of(",", ";", "\t", "|")) {
      String text = "a,b\n1.5,2\n-3,4e-1\n".replace(",", separator);
      assertRows(features(Cli.write(dir.resolve("t.csv"), text)), 1.5, 2, -3, 0.4);
    }
    assertRows(features(Cli.write(dir.resolve("t.tsv"), "a\tb\n1\t2\n")), 1, 2);
  }

  @Test
  void readsQuotedNamesAByteOrderMarkAndCompression() throws IOException {
    String text = "\uFEFF\"a\";\"b\"\r\n1;2\r\n3;4\r\n";
    assertRows(features(Cli.write(dir.resolve("t.csv"), text)), 1, 2, 3, 4);
    Path compressed = dir.resolve("t.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      out.write("a,b\n5,6\n".getBytes(StandardCharsets.UTF_8));
    }
    assertRows(features(compressed), 5, 6);
  }

  @Test
  void readsANameWithTheSeparatorInIt() {
    Schema schema = new Schema(List.of(Column.feature("a,\"x\"")));
    Path file = Cli.write(dir.resolve("t.csv"), "\"a,\"\"x\"\"\",b\n7,8\n");
    assertRows(read(TableQuery.of(file), schema).data().rows().features(), 7);
  }

  @Test
  void namesTheColumnsOfATableWithoutNames() {
    Schema schema = new Schema(List.of(Column.feature("column0"), Column.feature("column1")));
    Path file = Cli.write(dir.resolve("t.csv"), "1,2\n3,4\n");
    assertRows(read(TableQuery.of(file), schema).data().rows().features(), 1, 2, 3, 4);
  }

  @Test
  void readsJsonLines() {
    String text = "{\"a\": 1, \"b\": 2.5}\n{\"b\": 4, \"a\": 3}\n";
    assertRows(features(Cli.write(dir.resolve("t.jsonl"), text)), 1, 2.5, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"t.csv", "t.tsv", "t.csv.gz", "t.parquet", "t.jsonl", "t.npz", "t.jsonl.gz"})
  void writesWhatItReads(String name) {
    Path source =
        Cli.write(dir.resolve("source.csv"), "a,b,n\n0.1,1e300,7\n-2.5,3.0000000000000004,8\n");
    Path file = dir.resolve(name);
    try (Workspace workspace = new Workspace(1)) {
      Table table = new TableReader(workspace).open(TableQuery.of(source));
      new TableWriter(file).write(workspace, "SELECT * FROM " + table.relation());
    }
    assertRows(features(file), 0.1, 1e300, -2.5, 3.0000000000000004);
    try (Workspace workspace = new Workspace(1)) {
      Table table = new TableReader(workspace).open(TableQuery.of(file));
      assertEquals(List.of("a", "b", "n"), table.names());
      assertEquals("BIGINT", table.column("n").type());
    }
    assertFalse(Files.exists(dir.resolve(".part." + name)));
  }

  @Test
  void writesAnArrayOfAllColumns() {
    Path source = Cli.write(dir.resolve("source.csv"), "a,b\n1,2.5\n3,4\n");
    Path file = dir.resolve("t.npy");
    try (Workspace workspace = new Workspace(1)) {
      new TableReader(workspace).open(TableQuery.of(source));
      new TableWriter(file).write(workspace, "SELECT * FROM data");
    }
    Schema schema = new Schema(List.of(Column.feature("X_0"), Column.feature("X_1")));
    assertRows(read(TableQuery.of(file), schema).data().rows().features(), 1, 2.5, 3, 4);
  }

  @Test
  void arraysKeepTheirAxesThroughAZip() {
    Path source = Cli.write(dir.resolve("source.csv"), "X_0,X_1,y,z_1\n1,2,3,4\n5,6,7,8\n");
    Path file = dir.resolve("t.npz");
    try (Workspace workspace = new Workspace(1)) {
      new TableReader(workspace).open(TableQuery.of(source));
      new TableWriter(file).write(workspace, "SELECT * FROM data");
    }
    var arrays = org.thalweg.app.numpy.NumpyFile.read(file);
    assertEquals(List.of("X", "y", "z_1"), arrays.stream().map(a -> a.name()).toList());
    assertEquals(2, arrays.get(0).columns());
    assertEquals(6, arrays.get(0).whole(1, 1));
  }

  @Test
  void aMissingWholeNumberIsNotWrittenAsZero() {
    Path source = Cli.write(dir.resolve("source.csv"), "n,m\n1,2\n,3\n");
    Path file = dir.resolve("t.npz");
    try (Workspace workspace = new Workspace(1)) {
      new TableReader(workspace).open(TableQuery.of(source));
      new TableWriter(file).write(workspace, "SELECT * FROM data");
    }
    var arrays = org.thalweg.app.numpy.NumpyFile.read(file);
    assertTrue(Double.isNaN(arrays.get(0).number(1, 0)));
    assertEquals(3, arrays.get(1).whole(1, 0));
  }

  @Test
  void textIsWrittenAsItWasRead() throws IOException {
    String text = "a,day,flag\n1,03/02/2020,True\n2,,NA\n";
    Path source = Cli.write(dir.resolve("source.csv"), text);
    Path file = dir.resolve("t.csv");
    try (Workspace workspace = new Workspace(1)) {
      new TableReader(workspace).open(TableQuery.of(source));
      new TableWriter(file).write(workspace, "SELECT * FROM data");
    }
    assertEquals(text, Files.readString(file));
  }

  @Test
  void queriesSeeTheFileAsData() {
    Path file = Cli.write(dir.resolve("t.csv"), "a,b\n1,2\n3,4\n5,6\n");
    TableQuery where = new TableQuery(Optional.of(file), Optional.empty(), Optional.of("a > 1"));
    assertRows(read(where, AB).data().rows().features(), 3, 4, 5, 6);
    TableQuery sql =
        new TableQuery(
            Optional.of(file), Optional.of("SELECT a, a * b AS b FROM data;"), Optional.empty());
    assertRows(read(sql, AB).data().rows().features(), 1, 2, 3, 12, 5, 30);
    TableQuery alone =
        new TableQuery(
            Optional.empty(), Optional.of("SELECT 1 AS a, 2 AS b"), Optional.of("a = 1"));
    assertRows(read(alone, AB).data().rows().features(), 1, 2);
  }

  @Test
  void aQueryWithTwoColumnsOfOneNameIsRefused() {
    TableQuery query =
        new TableQuery(Optional.empty(), Optional.of("SELECT 1 AS a, 2 AS a"), Optional.empty());
    ThalwegException e = assertThrows(ThalwegException.class, () -> read(query, AB));
    assertTrue(e.getMessage().contains("two columns named 'a'"), e.getMessage());
  }

  @Test
  void missingValuesAreCountedAndLeftOut() {
    Path file = Cli.write(dir.resolve("t.csv"), "a,b\n1,2\nNA,3\nnan,4\n,5\n6,inf\n7,8\n");
    Ingest read = read(TableQuery.of(file), AB);
    assertRows(read.data().rows().features(), 1, 2, 7, 8);
    assertEquals(6, read.rows());
    assertEquals(4, read.refused());
  }

  @Test
  void theDigestIsOfTheNumbersAndNotOfTheFormat() {
    Path csv = Cli.write(dir.resolve("t.csv"), "a,b\n1,2\n3,\n");
    Path semicolons = Cli.write(dir.resolve("u.csv"), "b;a\n2.0;1.0\n;3.0\n");
    Path other = Cli.write(dir.resolve("v.csv"), "a,b\n1,2\n3,4\n");
    String digest = read(TableQuery.of(csv), AB).digest();
    assertEquals(digest, read(TableQuery.of(semicolons), AB).digest());
    assertFalse(digest.equals(read(TableQuery.of(other), AB).digest()));
  }

  @Test
  void aSampleIsUniformInOrderAndRepeatable() {
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 5000; i++) {
      text.append(i).append(",0\n");
    }
    Path file = Cli.write(dir.resolve("t.csv"), text.toString());
    List<double[]> samples = new ArrayList<>();
    for (long seed : new long[] {1, 1, 2}) {
      try (Workspace workspace = new Workspace(1)) {
        Table table = new TableReader(workspace).open(TableQuery.of(file));
        Ingest read = Ingest.read(table, AB, MissingValues.LEFT_OUT, 1000, new Seed(seed));
        assertTrue(read.sampled());
        assertEquals(5000, read.rows());
        samples.add(read.data().rows().features().column(0));
      }
    }
    assertArrayEquals(samples.get(0), samples.get(1));
    assertFalse(java.util.Arrays.equals(samples.get(0), samples.get(2)));
    double[] sample = samples.get(0);
    for (int i = 1; i < sample.length; i++) {
      assertTrue(sample[i] > sample[i - 1]);
    }
    // The mean of 1000 of 0..4999 has s.d. 1443 / sqrt(1000) * sqrt(0.8) = 41.
    assertEquals(2499.5, java.util.Arrays.stream(sample).average().orElseThrow(), 160);
  }

  @Test
  void theDefaultLimitIsInNumbers() {
    assertEquals(2_000_000, Ingest.limit(OptionalInt.empty(), 12));
    assertEquals(240_000, Ingest.limit(OptionalInt.empty(), 100));
    assertEquals(7, Ingest.limit(OptionalInt.of(7), 100));
  }

  @Test
  void unknownExtensionsAreRefusedWithWhatThereIs() {
    ThalwegException e =
        assertThrows(ThalwegException.class, () -> Format.of(Path.of("table.xlsx")));
    assertTrue(e.getMessage().contains(".parquet"), e.getMessage());
    assertThrows(ThalwegException.class, () -> Format.of(Path.of("t.parquet.gz")));
  }
}
