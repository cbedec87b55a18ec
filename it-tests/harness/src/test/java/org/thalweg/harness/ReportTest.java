package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built distribution writes a report that needs nothing but the files beside it. */
class ReportTest {
  private static final Pattern SOURCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"");

  @TempDir Path directory;

  @Test
  void theReportOfAFitIsComplete() throws IOException {
    Path data = Tables.pair(directory.resolve("data.csv"), 300);
    Path model = directory.resolve("model.thalweg");
    Launch.in(directory).run(Models.shortFit("nsf-coupling", data, model)).succeeded();
    Path out = directory.resolve("report");
    Launch.in(directory)
        .run(
            "report",
            "--model",
            model.toString(),
            "--data",
            data.toString(),
            "--out",
            out.toString())
        .succeeded();

    String page = Files.readString(out.resolve("report.html"));
    Set<String> shown =
        SOURCE.matcher(page).results().map(r -> r.group(1)).collect(Collectors.toSet());
    Set<String> there = files(out);
    assertTrue(there.remove("report.html"));
    assertEquals(there, shown, "what is shown lies beside the page");
    assertTrue(
        there.containsAll(
            Set.of("training-curve.png", "pair-plot.png", "density-map.png", "noise-1.png")),
        there::toString);
    assertFalse(page.contains("<script"), "the page runs nothing");
    assertFalse(page.contains("://"), "the page links to nothing");
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    Path notes = Files.writeString(directory.resolve("notes.txt"), "mine");
    Path out = directory.resolve("report");
    Launch.in(directory)
        .run("report", "--model", notes.toString(), "--out", out.toString())
        .refused(3, "notes.txt");
    assertTrue(Files.notExists(out), "nothing is left of it");
  }

  private static Set<String> files(Path out) throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
