package org.thalweg.app.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.app.Cli;

/** What {@code fit} answers to tables that are not as they should be. */
class BadTablesTest {
  @TempDir Path dir;

  private Cli.Result fit(Path data, Object... more) {
    Path out = dir.resolve("m.thalweg");
    Object[] all = new Object[8 + more.length];
    Object[] start = {"fit", "--estimator", "maf", "--data", data, "--out", out, Cli.SMALL};
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    Cli.Result result = Cli.run(all);
    assertFalse(Files.exists(out) && result.code() != 0, "a failed fit left a model");
    return result;
  }

  private void refused(int code, String message, String table, Object... more) {
    refused(code, message, fit(Cli.write(dir.resolve("t.csv"), table), more));
  }

  private static void refused(int code, String message, Cli.Result result) {
    assertTrue(result.err().contains(message), result.err());
    assertEquals(code, result.code(), result.err());
    assertEquals("", result.out());
  }

  @Test
  void aMissingColumnIsRefusedWithTheNearest() {
    refused(2, "Did you mean 'alcohol'?", "alcohol,b\n1,2\n", "--columns", "alchol");
    refused(2, "Unknown column", "a,b\n1,2\n", "--columns", "a", "--context", "zzzzz");
  }

  @Test
  void textInANumericColumnIsRefusedWithRowAndValue() {
    refused(2, "Column 'b' of", "a,b\n1,2\n3,oops\n5,6\n");
    refused(2, "row 2 holds 'oops'", "a,b\n1,2\n3,oops\n5,6\n", "--columns", "a,b");
    String late =
        "a,b\n"
            + IntStream.range(0, 60_000)
                .mapToObj(i -> i + "," + (i == 50_000 ? "oops" : i + ".5"))
                .collect(Collectors.joining("\n"));
    refused(2, "row 50001 holds 'oops'", late);
  }

  @Test
  void textIsNoMatterInAColumnThatIsNotUsed() {
    String table = "a,b,name\n" + rows(40) + "99,98,x\n";
    Cli.Result result = fit(Cli.write(dir.resolve("t.csv"), table), "--columns", "a,b");
    assertEquals(0, result.code(), result.err());
    Path schema = Cli.write(dir.resolve("s.yaml"), "columns: {name: {role: ignore}}");
    assertEquals(0, fit(dir.resolve("t.csv"), "--schema", schema).code());
  }

  @Test
  void rowsWithMissingValuesAreCounted() {
    Cli.Result result =
        fit(
            Cli.write(dir.resolve("t.csv"), "a,b,name\n" + rows(40) + ",1,x\ninf,2,x\n"),
            "--columns",
            "a,b",
            "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals(2, result.json().get("rows_refused"));
    assertEquals(42, result.json().get("rows"));
    assertTrue(result.err().contains("2 of 42 rows"), result.err());
  }

  @Test
  void noUsableRowIsExitThree() {
    refused(3, "None of the 2 rows", "a,b\n1,\n,2\n");
  }

  @Test
  void anEmptyFileIsRefused() {
    refused(2, "is empty", "");
    refused(2, "has no row", "a,b\n");
    refused(2, "has no row where a > 5", "a,b\n1,2\n", "--where", "a > 5");
  }

  @Test
  void oneRowIsRefused() {
    refused(2, "distinct usable rows", "a,b\n1,2\n");
    refused(2, "needs at least 2", "a,b\n1,2\n", "--split", "1,0,0");
    refused(2, "The split 0.8,0.1,0.1 leaves 1 of 3 usable rows", "a,b\n1,2\n3,4\n5,6\n");
  }

  @Test
  void aConstantColumnIsRefused() {
    String table =
        "a,b\n" + IntStream.range(0, 40).mapToObj(i -> i + ",7\n").collect(Collectors.joining());
    refused(2, "Column 'b' is constant (7.0)", table);
  }

  @Test
  void duplicateNamesAreRefused() {
    refused(2, "two columns named 'a'", "a,b,a\n1,2,3\n");
    refused(2, "differ in case only", "a,b,A\n1,2,3\n");
  }

  @Test
  void tooManyColumnsAreRefusedWithTheLimit() {
    String names = IntStream.range(0, 4097).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    String values = IntStream.range(0, 4097).mapToObj(i -> "" + i).collect(Collectors.joining(","));
    refused(2, "at most 4096", names + "\n" + values + "\n");
  }

  @Test
  void linesOfUnequalLengthAreRefusedWithTheLine() {
    refused(2, "Line: 3", "a,b\n1,2\n3\n4,5\n");
    refused(2, "Line: 3", "a,b\n1,2\n3,4,5\n6,7\n");
  }

  @Test
  void whatIsNoUtf8IsRefused() throws java.io.IOException {
    Path file = dir.resolve("t.csv");
    Files.write(file, "a,b\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    refused(2, "utf-8", fit(file));
  }

  @Test
  void filesThatAreNotWhatTheirNameSaysAreRefused() {
    for (String name : new String[] {"t.parquet", "t.npz", "t.npy", "t.jsonl", "t.csv.gz"}) {
      Cli.Result result = fit(Cli.write(dir.resolve(name), "this is,no\nsuch file 5,6\n"));
      assertEquals(2, result.code(), name + result.err());
      assertTrue(result.err().contains(name), result.err());
    }
    refused(2, "There is no file", fit(dir.resolve("nothing.csv")));
    refused(2, "is a directory", fit(dir));
  }

  @Test
  void badSqlIsRefused() {
    refused(2, "nonsense", "a,b\n1,2\n", "--where", "nonsense = 1");
    refused(2, "Cannot run --sql", "a,b\n1,2\n", "--sql", "SELEC a");
  }

  @Test
  void badDeclarationsAreRefused() {
    refusedSchema("Did you mean 'role'?", "columns: {a: {rol: ignore}}");
    refusedSchema("Did you mean 'feature'?", "columns: {a: {role: featur}}");
    refusedSchema("Did you mean 'angle'?", "columns: {a: {kind: angel}}");
    refusedSchema("needs lo and hi", "columns: {a: {kind: bounded}}");
    refusedSchema("lo < hi", "columns: {a: {kind: bounded, lo: 3, hi: 1}}");
    refusedSchema("resolution", "columns: {a: {resolution: fine}}");
    refusedSchema("Unknown column", "columns: {zzz: {role: ignore}}");
    refusedSchema("not a YAML mapping, lines of KEY: VALUE; it holds a list", "[1, 2]");
    refusedSchema("it holds 'role ignore'", "role ignore");
    refusedSchema("is not YAML", "columns: {a");
    refusedSchema("no feature column", "columns: {a: {role: ignore}, b: {role: label}}");
    refusedSchema(
        "makes no use of column 'b' in the role noise-sd", "columns: {b: {role: noise-sd}}");
  }

  @Test
  void valuesThatAreNotOfTheirDeclaredKindAreRefused() {
    refusedSchema(
        "Column 'b' of '" + dir.resolve("t.csv") + "' is declared to be of kind integer",
        "columns: {b: {kind: integer}}",
        "a,b\n1,2\n3,4.0\n5,\n6,7.25\n8,inf\n");
    refusedSchema(
        "row 4 holds 7.25", "columns: {b: {kind: integer}}", "a,b\n1,2\n3,\n,3\n6,7.25\n");
    refusedSchema(
        "12.0 does not lie inside the bounds 0.0 to 10.0",
        "columns: {b: {kind: bounded, lo: 0, hi: 10}}",
        "a,b\n1,12\n2,12\n3,12\n4,12\n5,12\n");
  }

  @Test
  void aConditionThatClosesItsParenthesesIsRefused() {
    String table =
        "a,b\n"
            + IntStream.range(0, 40)
                .mapToObj(i -> i + "," + i * i)
                .collect(Collectors.joining("\n"));
    refused(2, "--where", table, "--where", "a > 10) OR (1=1");
    refused(2, "--where", table, "--where", "a > 10 ORDER BY b");
    Path file = dir.resolve("t.csv");
    Cli.Result fine = fit(file, "--where", "a >= 10 AND (b > 0) -- so it is", "--json");
    assertEquals(0, fine.code(), fine.err());
    assertEquals(30, fine.json().get("rows"));
  }

  private void refusedSchema(String message, String schema) {
    Path file = Cli.write(dir.resolve("s.yaml"), schema);
    refused(2, message, "a,b\n1,2\n3,4\n5,7\n", "--schema", file);
  }

  private void refusedSchema(String message, String schema, String table) {
    Path file = Cli.write(dir.resolve("s.yaml"), schema);
    Cli.Result result = fit(Cli.write(dir.resolve("t.csv"), table), "--schema", file);
    refused(2, message, result);
    assertFalse(result.err().contains("["), result.err());
  }

  @Test
  void aColumnIsOneThingOnly() {
    refused(
        2,
        "cannot be in --columns and in --context",
        "a,b\n1,2\n",
        "--columns",
        "a,b",
        "--context",
        "b");
    refused(2, "names column 'a' twice", "a,b\n1,2\n", "--columns", "a,a");
  }

  private static String rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> i * 1.5 + "," + i * i + ",x" + i + "\n")
        .collect(Collectors.joining());
  }
}
