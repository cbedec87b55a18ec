package org.thalweg.app.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/** Files that are written whole or not at all. */
public final class Outputs {
  /** What the name of a file begins with until it is whole. */
  static final String PART = ".part.";

  private Outputs() {}

  /** What writes a file. */
  @FunctionalInterface
  public interface Writer {
    /** Writes it. */
    void write(Path file) throws IOException;
  }

  /**
   * Refuses an output that could not be written, before any work is done for it.
   *
   * @throws ThalwegException exit code 2
   */
  public static void requireWritable(Path file) {
    Path target = target(file);
    Path directory = target.getParent();
    requireFile(file);
    if (!Files.isDirectory(directory)) {
      throw ThalwegException.usage(
          "Cannot write '%s': there is no directory '%s'. Create it first.", file, directory);
    }
    Path probe = beside(target);
    try {
      Files.deleteIfExists(probe);
      Files.createFile(probe);
      Files.delete(probe);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /** What is no file, such as a directory, cannot be replaced by one. */
  private static void requireFile(Path file) {
    Path target = target(file);
    if (Files.isDirectory(target)) {
      throw ThalwegException.usage("Cannot write '%s': it is a directory. Name a file.", file);
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw ThalwegException.usage("Cannot write '%s': it is not a regular file.", file);
    }
  }

  /**
   * Writes beside the target, forces to disk, renames: a file that existed is never lost to a
   * failure.
   *
   * @throws ThalwegException exit code 2 where it cannot be written
   */
  public static void replace(Path file, Writer writer) {
    replaceAll(Map.of(file, writer));
  }

  /**
   * The same for files that belong together: none is renamed before all are on disk, so that a
   * failure leaves those that existed, and no mixture.
   *
   * @throws ThalwegException exit code 2 where one cannot be written
   */
  public static void replaceAll(Map<Path, Writer> files) {
    files.keySet().forEach(Outputs::requireFile);
    try {
      files.forEach(Outputs::writeBeside);
      for (Path file : files.keySet()) {
        Path target = target(file);
        try {
          move(beside(target), target);
        } catch (IOException e) {
          throw cannotWrite(file, e);
        }
      }
    } finally {
      files.keySet().forEach(Outputs::removeBeside);
    }
  }

  private static void writeBeside(Path file, Writer writer) {
    Path temporary = beside(target(file));
    Leftovers.add(temporary);
    try {
      writer.write(temporary);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    } catch (UncheckedIOException e) {
      throw cannotWrite(file, e.getCause());
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static void removeBeside(Path file) {
    try {
      Leftovers.remove(beside(target(file)));
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /**
   * Refuses a directory that is not there and that could not be made, before any work is done for
   * it. Makes nothing.
   *
   * @throws ThalwegException exit code 2
   */
  public static void requirePlace(Path directory) {
    Path there = directory.toAbsolutePath().normalize();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw ThalwegException.usage(
          "Cannot write to '%s': '%s' is not a directory.", directory, there);
    }
    requireWritable(there.resolve("any"));
  }

  /** Creates a directory and those above it, unless it is there. */
  public static void requireDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw cannotWrite(directory, e);
    }
    requireWritable(directory.resolve("any"));
  }

  /**
   * Refuses an output that is one of the inputs.
   *
   * @throws ThalwegException exit code 2
   */
  public static void requireOther(Path file, Path... inputs) {
    for (Path input : inputs) {
      if (Files.exists(file) && Files.exists(input) && target(file).equals(target(input))) {
        throw ThalwegException.usage(
            "'%s' is an input of this command, and would be lost. Name another output.", file);
      }
    }
  }

  /** A link is followed, so that it stays a link. */
  private static Path target(Path file) {
    try {
      return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  /** Hidden, and with the same extension, which tells a writer the format. */
  private static Path beside(Path target) {
    return target.resolveSibling(PART + target.getFileName());
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static ThalwegException cannotWrite(Path file, IOException cause) {
    return new ThalwegException(
        ExitCode.USAGE,
        "Cannot write '"
            + file
            + "': "
            + Reason.of(cause)
            + ". Choose a place that can be written to.",
        cause);
  }
}
