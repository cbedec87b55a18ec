package org.thalweg.bench.vmonf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.plugin.Registry;
import org.thalweg.bench.Score;

/**
 * docs/results/vmonf.md, from the rows that there are; what was not run is marked as owed.
 *
 * @param csv the rows
 * @param work where models and contingency tables lie
 * @param registry what loads them
 */
record VmonfPage(Path csv, Path work, Registry registry) {
  void write(Path docs) throws IOException {
    List<String> out = new ArrayList<>();
    out.add(
        "<!-- Written by org.thalweg.bench.vmonf.VmonfResults; its text is bench/vmonf-*.md. -->");
    out.addAll(Files.readAllLines(text(docs, "vmonf-intro.md")));
    out.add("");
    for (String set : List.of("pinwheel", "circles", "digits")) {
      table(out, set);
    }
    contingency(out);
    ClusterPictures pictures = new ClusterPictures(work, registry);
    for (Path path : pictures.write(docs)) {
      String name = path.getFileName().toString().replaceAll("\\.png$", "");
      out.add("![" + name.replace('-', ' ') + "](../images/" + path.getFileName() + ")");
      out.add("");
    }
    out.addAll(Files.readAllLines(text(docs, "vmonf-notes.md")));
    Files.createDirectories(docs.resolve("results"));
    Files.write(docs.resolve("results").resolve("vmonf.md"), out);
  }

  private static Path text(Path docs, String name) {
    return docs.toAbsolutePath().normalize().resolveSibling("bench").resolve(name);
  }

  private void table(List<String> out, String set) throws IOException {
    out.add("## " + set.substring(0, 1).toUpperCase(Locale.ROOT) + set.substring(1));
    out.add("");
    out.add(
        "| method | seed | parameters | seconds | ARI | ARI, exact p(c \\| x) | one-to-one |"
            + " one-to-one, exact | log-density | bound |");
    out.add("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    Map<String, List<Double>> found = new TreeMap<>();
    List<String> labels =
        Job.all().stream().filter(j -> j.set().equals(set)).map(Job::label).distinct().toList();
    for (String label : labels) {
      List<Double> indices = new ArrayList<>();
      for (Job job : Job.all()) {
        if (job.set().equals(set) && job.label().equals(label)) {
          Optional<String[]> row = row(job);
          row.ifPresent(f -> indices.add(Double.parseDouble(f[2])));
          out.add(
              "| "
                  + label
                  + " | "
                  + job.seed()
                  + " | "
                  + row.map(f -> String.join(" | ", f)).orElse("*owed* | | | | | | |")
                  + " |");
        }
      }
      found.put(label, indices);
      if (indices.size() > 1) {
        out.add(
            String.format(
                Locale.ROOT,
                "| %s, median of %d | | | | %.3f | | | | | |",
                label,
                indices.size(),
                median(indices)));
      }
    }
    out.add("");
    List<Double> mixture = found.get(Job.GAUSSIANS);
    for (String label : labels) {
      int pairs = Math.min(found.get(label).size(), mixture.size());
      if (label.startsWith("vmonf") && pairs > 1) {
        out.add("* ARI of %s: %s".formatted(label, less(found.get(label), mixture, pairs)));
      }
    }
    out.add("");
  }

  /** Seeds are pairs, of the same training and test rows. */
  private static String less(List<Double> own, List<Double> its, int pairs) {
    Score score = Score.of(numbers(own, pairs), numbers(its, pairs));
    return String.format(
        Locale.ROOT,
        "%+.3f ± %.3f beside the Gaussian mixture's, over %d seeds.",
        score.mean(),
        score.error(),
        pairs);
  }

  private static double[] numbers(List<Double> values, int count) {
    return values.stream().limit(count).mapToDouble(Double::doubleValue).toArray();
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
  }

  private Optional<String[]> row(Job job) throws IOException {
    if (!Files.exists(csv)) {
      return Optional.empty();
    }
    return Files.readAllLines(csv).stream()
        .filter(line -> line.startsWith(job.key() + ","))
        .map(line -> Arrays.copyOfRange(line.split(",", -1), 3, 11))
        .findFirst();
  }

  /** The share of each digit's images in each cluster, as the paper's Table 1. */
  private void contingency(List<String> out) throws IOException {
    for (Job job : Job.all()) {
      Path file = VmonfResults.counts(csv, job);
      if (!job.set().equals("digits") || job.seed() != 1 || !Files.exists(file)) {
        continue;
      }
      out.add("Digits of the test part by cluster, " + job.label() + ", seed 1:");
      out.add("");
      List<String> lines = Files.readAllLines(file);
      int clusters = lines.get(0).split(",").length;
      StringBuilder head = new StringBuilder("| digit |");
      for (int c = 0; c < clusters; c++) {
        head.append(" cluster ").append(c).append(" |");
      }
      out.add(head.toString());
      out.add("| --- |" + " ---: |".repeat(clusters));
      for (int digit = 0; digit < lines.size(); digit++) {
        double[] counts =
            Arrays.stream(lines.get(digit).split(",")).mapToDouble(Double::parseDouble).toArray();
        double sum = Arrays.stream(counts).sum();
        StringBuilder row = new StringBuilder("| " + digit + " |");
        for (double count : counts) {
          row.append(String.format(Locale.ROOT, " %.3f |", count / sum));
        }
        out.add(row.toString());
      }
      out.add("");
    }
  }
}
