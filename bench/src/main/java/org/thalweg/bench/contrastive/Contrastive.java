package org.thalweg.bench.contrastive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.thalweg.api.plugin.Registry;
import org.thalweg.bench.Installed;

/**
 * {@code Contrastive RESULTS.csv PAGE.md NOTES.md ROUNDS MINUTES [TASK]}: runs the jobs that the
 * table has no rows of, until the minutes are over, and writes the page from what there is. It can
 * be stopped at any time, and goes on with the job that it was at.
 */
public final class Contrastive {
  private Contrastive() {}

  /** Runs what is missing. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 5) {
      System.err.println("Contrastive RESULTS.csv PAGE.md NOTES.md ROUNDS MINUTES [TASK]");
      System.exit(2);
    }
    Path table = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[3]);
    long until = System.nanoTime() + (long) (Double.parseDouble(arguments[4]) * 60e9);
    if (!Files.exists(table)) {
      Files.writeString(table, JobRun.HEAD + "\n");
    }
    Registry registry = Installed.registry();
    for (Job job : Job.all()) {
      boolean asked = arguments.length < 6 || job.task().equals(arguments[5]);
      boolean done =
          Files.readAllLines(table).stream()
              .anyMatch(line -> line.startsWith(job.key() + "," + rounds + ","));
      if (asked && !done && System.nanoTime() < until) {
        List<String> rows = new JobRun(job, registry, rounds).rows();
        Files.writeString(table, String.join("\n", rows) + "\n", StandardOpenOption.APPEND);
        System.err.println(rows.get(rows.size() - 1));
      }
    }
    String notes = Files.readString(Path.of(arguments[2]));
    Files.writeString(
        Path.of(arguments[1]), new ContrastivePage(Files.readAllLines(table), rounds).text(notes));
    System.exit(0);
  }
}
