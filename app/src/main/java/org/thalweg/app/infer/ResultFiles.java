package org.thalweg.app.infer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;
import org.thalweg.app.table.Outputs;

/** The names of the files in a directory of results, and which of them may be replaced. */
record ResultFiles(Path directory) {
  private static final Pattern OURS =
      Pattern.compile(
          "samples\\.(csv|parquet)|simulations\\.parquet|summary\\.json|report\\.html|posterior\\.thalweg"
              + "|(pair-plot|trace|parameter-\\d+|graph-[a-z0-9-]+)\\.png");

  Path csv() {
    return directory.resolve("samples.csv");
  }

  Path parquet() {
    return directory.resolve("samples.parquet");
  }

  /** All simulations of a posterior. */
  Path simulations() {
    return directory.resolve("simulations.parquet");
  }

  /** Those so far, while the inference goes on. */
  Path simulated() {
    return directory.resolve("simulations.checkpoint.parquet");
  }

  Path summary() {
    return directory.resolve("summary.json");
  }

  Path report() {
    return directory.resolve("report.html");
  }

  Path posterior() {
    return directory.resolve("posterior.thalweg");
  }

  Path checkpoint() {
    return directory.resolve("posterior.thalweg.checkpoint");
  }

  /** Removes them, when the work is done. */
  void deleteSimulated() {
    try {
      Files.deleteIfExists(simulated());
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot remove '" + simulated() + "': " + Reason.of(e) + ".", e);
    }
  }

  /**
   * Refuses a directory that cannot be written to, or that has files of these names which no
   * inference wrote. Makes nothing.
   *
   * @throws ThalwegException exit code 2
   */
  void require() {
    Outputs.requirePlace(directory);
    if (!Files.isDirectory(directory) || earlier()) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      Optional<String> taken =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> OURS.matcher(name).matches())
              .sorted()
              .findFirst();
      if (taken.isPresent()) {
        throw ThalwegException.usage(
            "'%s' holds '%s', which is of no earlier inference: it is not overwritten. Remove it, or "
                + "name another directory.",
            directory, taken.get());
      }
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + directory + "': " + Reason.of(e) + ".", e);
    }
  }

  /** Whether the summary of an earlier inference lies there; its results are replaced together. */
  private boolean earlier() {
    try {
      return new JsonMapper().readValue(summary().toFile(), Object.class)
              instanceof Map<?, ?> object
          && object.keySet().containsAll(List.of("method", "problem", "verdict"));
    } catch (IOException e) {
      return false;
    }
  }
}
