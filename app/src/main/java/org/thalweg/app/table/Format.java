package org.thalweg.app.table;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.thalweg.api.error.ThalwegException;

/** The file formats of tables, told by the extension. */
public enum Format {
  /** Separated by commas; when read, also by semicolons, tabs or bars, as the header shows. */
  CSV("csv", "txt", "data"),
  /** Separated by tabs. */
  TSV("tsv", "tab"),
  /** Apache Parquet. */
  PARQUET("parquet", "pq"),
  /** One JSON object a line. */
  JSONL("jsonl", "ndjson", "json"),
  /** One numpy array. */
  NPY("npy"),
  /** A zip of named numpy arrays. */
  NPZ("npz");

  private final List<String> extensions;

  Format(String... extensions) {
    this.extensions = List.of(extensions);
  }

  /**
   * The format of a file; text may be compressed, as in {@code table.csv.gz}.
   *
   * @throws ThalwegException for an extension that is none of them
   */
  public static Format of(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
    boolean compressed = name.endsWith(".gz");
    String stem = compressed ? name.substring(0, name.length() - 3) : name;
    String extension = stem.substring(stem.lastIndexOf('.') + 1);
    for (Format format : values()) {
      boolean text = format.delimited() || format == JSONL;
      if (format.extensions.contains(extension) && (text || !compressed)) {
        return format;
      }
    }
    throw ThalwegException.usage(
        "'%s' has an extension that is no table format. There is: %s; text also with .gz.",
        file,
        Arrays.stream(values())
            .flatMap(format -> format.extensions.stream())
            .map(e -> "." + e)
            .collect(Collectors.joining(", ")));
  }

  /** Whether it is cells of text between separators. */
  public boolean delimited() {
    return this == CSV || this == TSV;
  }

  /** Whether it holds numbers only. */
  public boolean numpy() {
    return this == NPY || this == NPZ;
  }
}
