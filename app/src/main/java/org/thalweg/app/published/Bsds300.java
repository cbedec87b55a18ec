package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.random.Seed;

/**
 * BSDS300: patches of 8 x 8 grey pixels of photographs, spread uniformly over their step, less the
 * patch's mean, without the last pixel. The published file holds them divided; nothing is done.
 */
final class Bsds300 implements PublishedSet.Preparation {
  private static final int COLUMNS = 63;

  @Override
  public Parts prepare(Source source, Seed seed) {
    Optional<Path> file = source.find("BSDS300/BSDS300.hdf5", "BSDS300.hdf5");
    return new Parts(
        part(source, file, "train"), part(source, file, "validation"), part(source, file, "test"));
  }

  private static Matrix part(Source source, Optional<Path> file, String part) {
    if (file.isEmpty()) {
      Path array =
          source
              .find("BSDS300/" + part + ".npy", part + ".npy")
              .orElseThrow(() -> source.missing("BSDS300.hdf5", part + ".npy"));
      return Source.array(array, COLUMNS);
    }
    Matrix out = Hdf5File.read(file.get(), part);
    if (out.columns() != COLUMNS) {
      throw Source.unexpected(
          file.get(),
          "its data set '%s' has %d columns, %d are expected.",
          part,
          out.columns(),
          COLUMNS);
    }
    return out;
  }
}
