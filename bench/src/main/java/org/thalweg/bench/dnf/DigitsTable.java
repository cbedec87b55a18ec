package org.thalweg.bench.dnf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reconstruction of digits, from the rows that {@link DnfDigits} wrote. */
record DigitsTable(Path csv) {
  List<String> lines(Path docs) throws IOException {
    List<String> out = new ArrayList<>();
    out.add("## Digits");
    out.add("");
    out.add(
        "| d | model | seed | steps | parameters | seconds | mean reconstruction error | less pca's"
            + " | less m-flow's |");
    out.add("| ---: | --- | ---: | ---: | ---: | ---: | --- | --- | --- |");
    ImageErrors errors = ImageErrors.beside(csv);
    for (int d : new int[] {2, 16, 64}) {
      for (String label : List.of("pca", "dnf", "m-flow", "pae")) {
        out.add(
            "| %d | %s | %s %s | %s |"
                .formatted(
                    d,
                    label,
                    row(d + "," + label + ","),
                    errors.less(d, label, "pca"),
                    errors.less(d, label, "m-flow")));
      }
    }
    out.add("");
    for (String name :
        List.of(
            "dnf-digits-grid",
            "dnf-digits-lines-2",
            "dnf-digits-lines-16",
            "dnf-digits-lines-64")) {
      if (Files.exists(docs.resolve("images").resolve(name + ".png"))) {
        out.add("![" + name.replace('-', ' ') + "](../images/" + name + ".png)");
        out.add("");
      }
    }
    return out;
  }

  private String row(String key) throws IOException {
    if (!Files.exists(csv)) {
      return "*owed* | | | | |";
    }
    return Files.readAllLines(csv).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.split(","))
        .map(f -> "%s | %s | %s | %s | %s ± %s |".formatted(f[2], f[3], f[4], f[5], f[6], f[7]))
        .findFirst()
        .orElse("*owed* | | | | |");
  }
}
