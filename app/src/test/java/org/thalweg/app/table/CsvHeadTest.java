package org.thalweg.app.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.error.ThalwegException;

/** First lines as people write them. */
class CsvHeadTest {
  @TempDir Path directory;

  @Test
  void namesThatLookLikeJavaNumbersAreNames() throws IOException {
    assertEquals(List.of("1d", "5d", "0x1p3"), read("1d,5d,0x1p3\n1,2,3\n").names());
  }

  @Test
  void aRowOfNumbersMayLackSome() throws IOException {
    CsvHead head = read("NA,0.5\n1,2\n");
    assertEquals(false, head.header());
    assertEquals(List.of("column0", "column1"), head.names());
  }

  @Test
  void aQuoteInsideACellIsALetter() throws IOException {
    assertEquals(List.of("height 5\"", "b"), read("height 5\",b\n1,2\n").names());
    assertEquals(List.of("a \"x\", y", "b"), read("\"a \"\"x\"\", y\",b\n1,2\n").names());
  }

  @Test
  void blankLinesBeforeItAreCounted() throws IOException {
    CsvHead head = read("\n\r\n\uFEFFa;b\n1;2\n");
    assertEquals(2, head.skipped());
    assertEquals(';', head.separator());
    assertEquals(List.of("a", "b"), head.names());
  }

  @Test
  void otherEncodingsAreRefused() {
    assertThrows(
        ThalwegException.class,
        () -> read(new String("a,b".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.UTF_8)));
  }

  private CsvHead read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("t.csv"), text);
    return CsvHead.read(file, Format.CSV);
  }
}
