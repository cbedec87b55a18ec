package org.thalweg.toolkit.model;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/**
 * A zip of two stored (not compressed) entries, whose comment is the SHA-256 of all bytes before
 * it: a flipped or a missing bit anywhere is found, and no entry can be larger than the file.
 */
final class Archive {
  /** The entry that holds JSON. */
  static final String MANIFEST = "manifest.json";

  /** The entry that holds arrays. */
  static final String WEIGHTS = "weights.safetensors";

  /** No model comes near; more is a mistake or an attack. */
  private static final long LARGEST = 1L << 31;

  private static final int DIGEST = 64;

  private Archive() {}

  /** Writes beside the target, forces to disk, renames: a file that existed is never lost. */
  static void write(Path file, byte[] manifest, byte[] weights) {
    byte[] bytes = encode(manifest, weights);
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      move(temporary, target);
    } catch (IOException e) {
      discard(temporary);
      throw new ThalwegException(
          ExitCode.USAGE,
          "Cannot write '" + file + "': " + e + ". Choose a directory that can be written to.",
          e);
    }
  }

  /**
   * Reads the entries.
   *
   * @throws ThalwegException exit code 3 for anything but an intact file
   */
  static Map<String, byte[]> read(Path file) {
    byte[] bytes;
    try {
      if (Files.isDirectory(file) || Files.size(file) > LARGEST) {
        throw ThalwegException.data("'%s' is not a Thalweg model file.", file);
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw ThalwegException.usage("There is no model file '%s'.", file);
    } catch (IOException e) {
      throw new ThalwegException(ExitCode.DATA, "Cannot read '" + file + "': " + e + ".", e);
    }
    int body = bytes.length - DIGEST;
    boolean zip = bytes.length > 4 && bytes[0] == 'P' && bytes[1] == 'K';
    if (!zip || body < 0) {
      throw ThalwegException.data(
          "'%s' is not a Thalweg model file: it %s.",
          file, bytes.length == 0 ? "is empty" : "does not begin like one");
    }
    String stored = new String(bytes, body, DIGEST, StandardCharsets.ISO_8859_1);
    if (!stored.equals(digest(bytes, body))) {
      throw ThalwegException.data(
          "'%s' is damaged, or not a Thalweg model file: its digest does not fit its content. "
              + "Copy it again from where it was made, or fit it again.",
          file);
    }
    return entries(file, bytes);
  }

  /** The SHA-256 of some bytes, in hexadecimal. */
  static String digest(byte[] bytes, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes, 0, length);
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }

  private static Map<String, byte[]> entries(Path file, byte[] bytes) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        boolean known = entry.getName().equals(MANIFEST) || entry.getName().equals(WEIGHTS);
        if (!known || entry.getMethod() != ZipEntry.STORED || out.containsKey(entry.getName())) {
          throw ThalwegException.data(
              "'%s' is not a Thalweg model file: it has an entry '%s' that does not belong there.",
              file, entry.getName());
        }
        out.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ThalwegException(ExitCode.DATA, "'" + file + "' is damaged: " + e + ".", e);
    }
    if (out.size() != 2) {
      throw ThalwegException.data(
          "'%s' is not a Thalweg model file: it lacks %s or %s.", file, MANIFEST, WEIGHTS);
    }
    return out;
  }

  private static byte[] encode(byte[] manifest, byte[] weights) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, MANIFEST, manifest);
      put(zip, WEIGHTS, weights);
      zip.setComment("0".repeat(DIGEST));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = out.toByteArray();
    int body = bytes.length - DIGEST;
    byte[] digest = digest(bytes, body).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(digest, 0, bytes, body, DIGEST);
    return bytes;
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static void move(Path temporary, Path target) throws IOException {
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is a directory");
    }
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // the first failure is the one to report
    }
  }
}
