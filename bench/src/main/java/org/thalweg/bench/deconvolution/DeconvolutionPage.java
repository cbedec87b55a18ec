package org.thalweg.bench.deconvolution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The page of results, from the rows that there are; others are marked owed.
 *
 * @param csv one row a run
 * @param docs where it is written
 */
record DeconvolutionPage(Path csv, Path docs) {
  private static final String[] NAMES = DeconvolutionResults.HEAD.split(",");

  /** A run's fields by name. */
  private record Run(Map<String, String> fields) {
    static Run of(String line) {
      String[] cells = line.split(",", NAMES.length);
      Map<String, String> out = new LinkedHashMap<>();
      for (int i = 0; i < cells.length; i++) {
        out.put(NAMES[i], cells[i]);
      }
      return new Run(out);
    }

    String get(String name) {
      return fields.getOrDefault(name, "");
    }

    boolean has(String name) {
      return !get(name).isEmpty();
    }

    double number(String name) {
      return Double.parseDouble(get(name));
    }

    /** A figure with its standard error. */
    String figure(String name, int digits) {
      return has(name)
          ? String.format(
              Locale.ROOT,
              "%." + digits + "f ± %." + digits + "f",
              number(name),
              number(name.replace("_nll", "") + "_se"))
          : "";
    }
  }

  void write() throws IOException {
    List<Run> runs =
        Files.exists(csv)
            ? Files.readAllLines(csv).stream().skip(1).map(Run::of).toList()
            : List.of();
    List<String> out = new ArrayList<>();
    out.add("<!-- Written by org.thalweg.bench.deconvolution.DeconvolutionResults. -->");
    out.add("# Deconvolution, measured");
    out.add("");
    out.add(notes("intro"));
    gaussians(out, runs);
    wines(out, runs);
    sky(out, runs);
    speed(out);
    Files.createDirectories(docs.resolve("results"));
    Files.writeString(
        docs.resolve("results").resolve("deconvolution.md"),
        String.join("\n", out).replaceAll("\n{3,}", "\n\n").strip() + "\n");
  }

  /**
   * A part of the text beside the results, which is written by hand and holds no figure of them.
   */
  private String notes(String part) throws IOException {
    Path file = csv.resolveSibling("../deconvolution-notes.md").normalize();
    if (!Files.exists(file)) {
      return "";
    }
    return Arrays.stream(Files.readString(file).split("(?m)^<!-- "))
        .filter(section -> section.startsWith(part + " -->"))
        .map(section -> section.substring(section.indexOf("-->") + 3).strip() + "\n")
        .findFirst()
        .orElse("");
  }

  private static List<Job> jobs(String set) {
    return Job.all().stream().filter(job -> job.set().equals(set)).toList();
  }

  private static Optional<Run> find(List<Run> runs, Job job) {
    return runs.stream()
        .filter(r -> (r.get("set") + "," + r.get("label") + "," + r.get("seed")).equals(job.key()))
        .findFirst();
  }

  private void gaussians(List<String> out, List<Run> runs) throws IOException {
    out.add("## Three Gaussians: Tables 1 and 2 of the paper");
    out.add("");
    out.add(notes("gaussians"));
    out.add(
        String.format(
            Locale.ROOT,
            "A fit by maximum likelihood of the true family stays %.4f above the truth"
                + " on v at 47,000 noisy rows, by the information in a row, and %.5f on w: on average over fits, each of which scatters about as much.",
            InformationBound.latent(47_000),
            17 / 2.0 / 47_000));
    out.add("");
    out.add(
        "| model | seed | steps | processor seconds | −log p(v) | above the truth | −log p(w) |"
            + " above the truth |");
    out.add("| --- | ---: | ---: | ---: | --- | --- | --- | --- |");
    for (Job job : jobs("three-gaussians")) {
      String head = "| " + job.label() + " | " + job.seed() + " | ";
      out.add(
          head
              + find(runs, job)
                  .map(
                      r ->
                          "%s | %s | %s | %s | %s | %s |"
                              .formatted(
                                  r.get("steps"),
                                  r.get("processor_seconds"),
                                  r.figure("latent_nll", 4),
                                  r.figure("latent_excess", 4),
                                  r.figure("observed_nll", 4),
                                  r.figure("observed_excess", 4)))
                  .orElse("owed | | | | | |"));
    }
    out.add("");
    out.add(
        """
        The paper, mean and standard deviation of five runs of its nets (the truth is 2.666 and 3.602):

        | model | −log p(v) | −log p(w) |
        | --- | --- | --- |
        | XD-GMM | 2.667 ± 0.000 | 3.600 ± 0.000 |
        | flow, L(50) | 2.913 ± 0.174 | 3.605 ± 0.001 |
        | flow, L_IW(50) | 3.070 ± 0.499 | 3.603 ± 0.001 |
        | pretrained on noise-free rows | 2.675 ± 0.017 | 3.601 ± 0.002 |
        | the same after variational fitting | 2.729 ± 0.035 | 3.602 ± 0.001 |
        | GMM, flow posterior | 2.731 ± 0.008 | 3.602 ± 0.000 |
        | GMM, exact posterior | 2.666 ± 0.001 | 3.600 ± 0.000 |
        """);
  }

  private void wines(List<String> out, List<Run> runs) throws IOException {
    out.add("## Wines: Tables 3 and 4 of the paper");
    out.add("");
    out.add(notes("wines"));
    out.add(
        "| set | model | split | steps | processor seconds | −log p(v) | less the mixture's |"
            + " −log p(w) | less the mixture's |");
    out.add("| --- | --- | ---: | ---: | ---: | --- | --- | --- | --- |");
    for (String set : List.of("white", "red")) {
      for (Job job : jobs(set)) {
        out.add(
            "| %s | %s | %d | ".formatted(set, job.label(), job.seed())
                + find(runs, job)
                    .map(
                        r ->
                            "%s | %s | %s | %s | %s | %s |"
                                .formatted(
                                    r.get("steps"),
                                    r.get("processor_seconds"),
                                    r.figure("latent_nll", 3),
                                    r.figure("latent_less_xd", 3),
                                    r.figure("observed_nll", 3),
                                    r.figure("observed_less_xd", 3)))
                    .orElse("owed | | | | | |"));
      }
    }
    out.add("");
    out.add(
        """
        The paper, mean and standard deviation of five splits of its own:

        | set | XD-GMM | flow, L_IW(50) | flow without deconvolution |
        | --- | --- | --- | --- |
        | white | 9.903 ± 0.112 | 8.685 ± 0.082 | 9.544 ± 0.184 |
        | red | 8.775 ± 0.152 | 8.083 ± 0.128 | 8.611 ± 0.254 |
        """);
  }

  private void sky(List<String> out, List<Run> runs) throws IOException {
    out.add("## Stars and supernovae");
    out.add("");
    out.add(notes("sky"));
    out.add(
        "| set | model | split | held-out rows | processor seconds | −log p(w) | less the mixture's |");
    out.add("| --- | --- | ---: | ---: | ---: | --- | --- |");
    for (String set : List.of("gaia", "supernovae")) {
      for (Job job : jobs(set)) {
        out.add(
            "| %s | %s | %d | ".formatted(set, job.label(), job.seed())
                + find(runs, job)
                    .map(
                        r ->
                            "%s | %s | %s | %s |"
                                .formatted(
                                    r.get("test_rows"),
                                    r.get("processor_seconds"),
                                    r.figure("observed_nll", 3),
                                    r.figure("observed_less_xd", 3)))
                    .orElse("owed | | | |"));
      }
    }
    out.add("");
    for (String set : List.of("gaia", "supernovae")) {
      for (Job job : jobs(set)) {
        String picture = SkyPicture.name(job);
        if (job.seed() == 1 && Files.exists(docs.resolve("images").resolve(picture))) {
          out.add("![%s of %s](../images/%s)".formatted(job.label(), set, picture));
          out.add("");
        }
      }
    }
  }

  private void speed(List<String> out) throws IOException {
    out.add("## Speed of an EM step");
    out.add("");
    out.add(notes("speed"));
    Path file = csv.resolveSibling("deconvolution-speed.csv");
    if (!Files.exists(file)) {
      out.add("Owed.");
      return;
    }
    List<String> lines = Files.readAllLines(file);
    out.add("| " + lines.get(0).replace(",", " | ").replace("_", " ") + " |");
    out.add("| " + "--- | ".repeat(lines.get(0).split(",").length).strip());
    out.addAll(
        lines.stream()
            .skip(1)
            .map(l -> "| " + l.replace(",", " | ") + " |")
            .collect(Collectors.toList()));
    out.add("");
  }
}
