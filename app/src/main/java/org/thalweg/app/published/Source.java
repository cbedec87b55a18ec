package org.thalweg.app.published;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;
import org.thalweg.app.numpy.NumpyArray;
import org.thalweg.app.numpy.NumpyFile;

/**
 * The directory that a user has downloaded files to.
 *
 * @param directory where they lie
 * @param needs what messages say is needed, and where it is published
 */
record Source(Path directory, String needs) {
  Source {
    if (!Files.isDirectory(directory)) {
      throw ThalwegException.usage("'%s' is no directory. %s", directory, needs);
    }
  }

  /** The first of some names that is there, itself or packed by gzip. */
  Optional<Path> find(String... names) {
    return Arrays.stream(names)
        .flatMap(name -> List.of(name, name + ".gz").stream())
        .map(directory::resolve)
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** What to say where nothing was found. */
  ThalwegException missing(String... names) {
    return ThalwegException.usage(
        "'%s' holds none of %s. %s",
        directory,
        Arrays.stream(names).map(n -> "'" + n + "'").collect(Collectors.joining(", ")),
        needs);
  }

  /** What to say where a file is not the expected one. */
  static ThalwegException unexpected(Path file, String format, Object... arguments) {
    return ThalwegException.usage(
        "'%s' is not the published file: %s", file, String.format(format, arguments));
  }

  /** An array of numpy with so many columns. */
  static Matrix array(Path file, int columns) {
    NumpyArray array = NumpyFile.read(file).get(0);
    if (array.columns() != columns) {
      throw unexpected(file, "it has %d columns, %d are expected.", array.columns(), columns);
    }
    Matrix out = Matrix.zeros(array.rows(), columns);
    for (int i = 0; i < out.values().length; i++) {
      out.values()[i] = array.number(i / columns, i % columns);
    }
    requireFinite(file, out);
    return out;
  }

  private static void requireFinite(Path file, Matrix all) {
    for (int i = 0; i < all.rows(); i++) {
      if (!all.finite(i)) {
        throw unexpected(file, "row %d holds a number that is not finite.", i + 1);
      }
    }
  }

  /** Each line of a text file, packed or not; the consumer may refuse one. */
  static void lines(Path file, Consumer<String> consumer) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), 1 << 16)) {
      reader.lines().forEach(consumer);
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + file + "': " + Reason.of(e) + ".", e);
    }
  }
}
