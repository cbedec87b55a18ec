package org.thalweg.bench.contrastive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of results, from the rows of the table. */
final class ContrastivePage {
  private static final int ROUND = 6;
  private static final int DISTANCE = 7;
  private static final int PROBABILITY = 8;
  private static final int MMD = 9;
  private static final int ACCEPTANCE = 10;
  private static final int SECONDS = 12;

  private final List<String[]> rows;
  private final int rounds;

  ContrastivePage(List<String> lines, int rounds) {
    this.rows =
        lines.stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .filter(row -> Integer.parseInt(row[5]) == rounds)
            .toList();
    this.rounds = rounds;
  }

  String text(String notes) {
    StringBuilder out = new StringBuilder(notes.strip()).append("\n");
    Map<String, List<Job>> byTask =
        Job.all().stream()
            .collect(Collectors.groupingBy(Job::task, LinkedHashMap::new, Collectors.toList()));
    byTask.forEach((task, jobs) -> out.append(section(task, jobs)));
    return out.toString();
  }

  private String section(String task, List<Job> jobs) {
    StringBuilder out = new StringBuilder("\n## ").append(task).append("\n");
    boolean reference = task.equals("slcp");
    out.append("\n### After ").append(rounds).append(" rounds of 1000\n\n");
    out.append("| method | seeds | median distance | neg. log probability |");
    out.append(reference ? " MMD² |" : "").append(" acceptance | seconds |\n");
    out.append("| --- | --- | --- | --- |").append(reference ? " --- |" : "");
    out.append(" --- | --- |\n");
    for (String label : labels(jobs)) {
      List<String[]> last = at(jobs, label, rounds + 1);
      out.append("| ").append(label).append(" | ").append(seeds(last)).append(" | ");
      out.append(values(last, DISTANCE)).append(" | ").append(values(last, PROBABILITY));
      out.append(reference ? " | " + values(last, MMD) : "").append(" | ");
      out.append(values(last, ACCEPTANCE)).append(" | ");
      out.append(values(last, SECONDS)).append(" |\n");
    }
    out.append(byRound("Median distance", jobs, DISTANCE));
    if (reference) {
      out.append(byRound("MMD²", jobs, MMD));
    }
    out.append(
        byRound("Acceptance, of the proposal that the round was drawn from", jobs, ACCEPTANCE));
    return out.toString();
  }

  private String byRound(String what, List<Job> jobs, int column) {
    StringBuilder out = new StringBuilder("\n### ").append(what).append(", by round\n\n| method |");
    for (int round = 1; round <= rounds; round++) {
      out.append(' ').append(round).append(" |");
    }
    out.append(" end |\n| --- |").append(" --- |".repeat(rounds + 1)).append("\n");
    for (String label : labels(jobs)) {
      out.append("| ").append(label).append(" |");
      for (int round = 1; round <= rounds + 1; round++) {
        out.append(' ').append(values(at(jobs, label, round), column)).append(" |");
      }
      out.append("\n");
    }
    return out.toString();
  }

  private static List<String> labels(List<Job> jobs) {
    return jobs.stream().map(Job::label).distinct().toList();
  }

  private List<String[]> at(List<Job> jobs, String label, int round) {
    List<String[]> out = new ArrayList<>();
    for (Job job : jobs) {
      for (String[] row : rows) {
        boolean same = String.join(",", row).startsWith(job.key() + ",");
        if (same && job.label().equals(label) && Integer.parseInt(row[ROUND]) == round) {
          out.add(row);
        }
      }
    }
    return out;
  }

  private static String seeds(List<String[]> rows) {
    return rows.isEmpty()
        ? "*owed*"
        : rows.stream().map(row -> row[4]).collect(Collectors.joining(", "));
  }

  /** One value a seed, as two or three say more than a mean. */
  private static String values(List<String[]> rows, int column) {
    if (rows.isEmpty()) {
      return "*owed*";
    }
    return rows.stream()
        .map(row -> row[column].isEmpty() ? "–" : number(Double.parseDouble(row[column])))
        .collect(Collectors.joining(", "));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3g", value);
  }
}
