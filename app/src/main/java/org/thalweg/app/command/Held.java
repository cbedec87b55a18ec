package org.thalweg.app.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.random.Seed;
import org.thalweg.app.console.Console;
import org.thalweg.app.fit.Provenance;
import org.thalweg.app.table.Ingest;
import org.thalweg.app.table.Needed;
import org.thalweg.app.table.Table;
import org.thalweg.toolkit.data.Partition;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.model.ModelFile;

/**
 * A part of the table that a model was trained on.
 *
 * @param rows its rows
 * @param part which part
 * @param tableRows rows of the whole table
 * @param refused rows of the whole table that were left out
 */
record Held(Rows rows, Part part, long tableRows, long refused) {
  /** Finds the rows of a part again. */
  static final class Finder {
    private final Console console;
    private final Path file;
    private final Model model;
    private final Map<String, Object> stored;

    /** For a model that was read from a file. */
    Finder(Console console, Path file, ModelFile.Loaded loaded) {
      this.console = console;
      this.file = file;
      this.model = loaded.model();
      this.stored = loaded.provenance();
    }

    /**
     * The rows of the part that is asked for, by default the test rows; empty where all rows of the
     * table are to be judged, which the console then says.
     *
     * @throws ThalwegException exit code 2 where a part is asked for and the table has none
     */
    Optional<Held> find(Table table, Optional<Part> asked) {
      if (asked.equals(Optional.of(Part.all))) {
        console.info("All rows are judged, also those that the model may have been trained on.");
        return Optional.empty();
      }
      Optional<Provenance> provenance = Provenance.of(stored);
      Seed seed = new Seed(model.card().seed());
      Optional<Ingest> read = provenance.flatMap(p -> read(table, p, seed));
      boolean same = read.isPresent() && read.get().digest().equals(provenance.get().digest());
      if (!same) {
        if (asked.isPresent()) {
          throw ThalwegException.usage(
              "%s is not the table that '%s' was trained on, so it has no %s rows. Use --rows all.",
              table.label(), file, asked.get());
        }
        console.warn(
            "the table is not, row for row, the one that was trained on: all its rows are judged. "
                + "If training rows are among them, the figure flatters the model.");
        return Optional.empty();
      }
      Part part = asked.orElse(Part.test);
      Partition parts = Splitter.split(read.get().data(), provenance.get().split(), seed);
      int[] indices =
          switch (part) {
            case train -> parts.train();
            case validation -> parts.validation();
            default -> parts.test();
          };
      if (indices.length == 0 && asked.isEmpty()) {
        console.warn("the model was trained without test rows: all rows of its table are judged.");
        return Optional.empty();
      }
      if (indices.length == 0) {
        throw ThalwegException.usage(
            "'%s' was trained with the split %s, which has no %s rows.",
            file, provenance.get().split(), part);
      }
      Rows rows = read.get().data().rows().select(indices);
      return Optional.of(new Held(rows, part, read.get().rows(), read.get().refused()));
    }

    /**
     * The table as it is read in training; empty where it lacks a column or holds what training
     * refuses, such as a label without a class: then it is another table, of which columns that
     * matter in training only need not be sound.
     */
    private Optional<Ingest> read(Table table, Provenance provenance, Seed seed) {
      if (!Needed.has(table, model.schema())) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            Ingest.read(table, model.schema(), provenance.missing(), provenance.limit(), seed));
      } catch (ThalwegException e) {
        if (e.exitCode() == ExitCode.USAGE || e.exitCode() == ExitCode.DATA) {
          return Optional.empty();
        }
        throw e;
      }
    }
  }
}
