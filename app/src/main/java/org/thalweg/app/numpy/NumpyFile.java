package org.thalweg.app.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/** Reads {@code .npy} and {@code .npz} files. Pickled objects are refused, never executed. */
public final class NumpyFile {
  /** What the one array of a {@code .npy} file is called. */
  public static final String UNNAMED = "X";

  private NumpyFile() {}

  /**
   * Reads the arrays of a file.
   *
   * @throws ThalwegException exit code 2 where it is not such a file, or an array is no table
   */
  public static List<NumpyArray> read(Path file) {
    boolean zip = file.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
    try {
      return zip ? zipped(file) : List.of(single(file));
    } catch (ZipException e) {
      throw new ThalwegException(ExitCode.USAGE, "'" + file + "' is not a zip of arrays.", e);
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + file + "': " + Reason.of(e) + ".", e);
    }
  }

  private static NumpyArray single(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw tooLarge(file, UNNAMED);
      }
      // The mapping outlives the channel.
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return NumpyHeader.read("'" + file + "'", bytes).array(UNNAMED, bytes);
    }
  }

  private static List<NumpyArray> zipped(Path file) throws IOException {
    List<NumpyArray> out = new ArrayList<>();
    try (InputStream in = Files.newInputStream(file);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw ThalwegException.usage("'%s' holds '%s', which is no array.", file, name);
        }
        ByteBuffer bytes = ByteBuffer.wrap(content(file, name, zip));
        String array = name.substring(0, name.length() - ".npy".length());
        out.add(
            NumpyHeader.read("'" + file + "', array '" + array + "'", bytes).array(array, bytes));
      }
    }
    if (out.isEmpty()) {
      throw ThalwegException.usage("'%s' is not a zip of arrays, or holds none.", file);
    }
    for (NumpyArray array : out) {
      if (array.rows() != out.get(0).rows()) {
        throw ThalwegException.usage(
            "The arrays of '%s' differ in rows: '%s' has %d, '%s' has %d. Keep those of one table.",
            file, out.get(0).name(), out.get(0).rows(), array.name(), array.rows());
      }
    }
    return out;
  }

  private static byte[] content(Path file, String name, ZipInputStream zip) throws IOException {
    try {
      return zip.readAllBytes();
    } catch (OutOfMemoryError e) {
      throw tooLarge(file, name);
    }
  }

  private static ThalwegException tooLarge(Path file, String array) {
    return ThalwegException.usage(
        "The array '%s' of '%s' is larger than 2 GB or than the memory. Write it as Parquet, which "
            + "streams.",
        array, file);
  }
}
