package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are not as they should be: the documented answer to each. */
class BadTableTest {
  @TempDir Path directory;

  @Test
  void aMissingFileAndAMissingColumn() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 50);
    refused(2, directory.resolve("nowhere.csv"), "nowhere.csv");
    Outcome outcome =
        Launch.in(directory)
            .run(Models.fit("nsf-coupling", data, model(), "--columns", "a,bb"))
            .refused(2, "'bb'", "a", "b");
    assertTrue(outcome.err().contains("Did you mean 'b'"), outcome::toString);
  }

  @Test
  void textInANumericColumn() throws IOException {
    Path data = Tables.lines(directory.resolve("text.csv"), "a,b", "1,2", "3,many", "5,6");
    refused(2, data, "text.csv", "b");
  }

  @Test
  void anEmptyFileAndAHeaderAlone() throws IOException {
    refused(2, Files.writeString(directory.resolve("empty.csv"), ""), "empty.csv", "is empty");
    refused(2, Tables.lines(directory.resolve("header.csv"), "a,b"), "header.csv", "no row");
  }

  @Test
  void noUsableRow() throws IOException {
    Path data = Tables.lines(directory.resolve("nan.csv"), "a,b", "NaN,1", "inf,2", "3,nan");
    refused(3, data, "nan.csv");
  }

  @Test
  void oneRow() throws IOException {
    refused(
        2, Tables.lines(directory.resolve("one.csv"), "a,b", "1,2"), "1 distinct", "at least 3");
  }

  @Test
  void rowsThatAreNotFiniteAreLeftOutAndCounted() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 200);
    Files.writeString(data, Files.readString(data) + "nan,1\n1,inf\n");
    Outcome fit = fit(data).succeeded();
    assertTrue(fit.err().contains("2 of 202 rows"), fit::toString);
    Outcome evaluate =
        Launch.in(directory)
            .run("evaluate", "--model", model().toString(), "--data", data.toString(), "--json")
            .succeeded();
    assertEquals(202, evaluate.json().get("rows").asInt(), evaluate::toString);
    assertEquals(2, evaluate.json().get("rows_refused").asInt(), evaluate::toString);
  }

  @Test
  void duplicateColumnNames() throws IOException {
    refused(2, Tables.lines(directory.resolve("twice.csv"), "a,a", "1,2", "3,4"), "'a'");
  }

  @Test
  void tooManyColumns() throws IOException {
    String header =
        IntStream.range(0, 5000).mapToObj(i -> "x" + i).collect(Collectors.joining(","));
    String row = IntStream.range(0, 5000).mapToObj(i -> "1").collect(Collectors.joining(","));
    Path data = Tables.lines(directory.resolve("wide.csv"), header, row, row);
    refused(2, data, "5000", "4096");
  }

  @Test
  void aConstantColumn() throws IOException {
    StringBuilder csv = new StringBuilder("a,b\n");
    for (int i = 0; i < 200; i++) {
      csv.append(Math.sin(i)).append(",5\n");
    }
    refused(2, Files.writeString(directory.resolve("constant.csv"), csv), "'b'", "constant", "5.0");
  }

  private Outcome refused(int code, Path data, String... words) {
    Outcome outcome = fit(data).refused(code, words);
    assertTrue(Files.notExists(model()), "no model of a refused table");
    return outcome;
  }

  private Outcome fit(Path data) {
    return Launch.in(directory).run(Models.shortFit("nsf-coupling", data, model()));
  }

  private Path model() {
    return directory.resolve("model.thalweg");
  }
}
