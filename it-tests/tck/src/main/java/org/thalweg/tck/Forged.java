package org.thalweg.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Model files with consistent digests and a content that nobody should accept. */
final class Forged {
  static final String MANIFEST = "manifest.json";
  static final String WEIGHTS = "weights.safetensors";
  private static final int DIGEST = 64;

  private Forged() {}

  /** The entries of a model file. */
  static Map<String, byte[]> entries(byte[] file) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        out.put(entry.getName(), zip.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  /** A file of these entries, stored or deflated, signed as a whole. */
  static byte[] file(Map<String, byte[]> entries, int method) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> item : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(item.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 crc = new CRC32();
          crc.update(item.getValue());
          entry.setSize(item.getValue().length);
          entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(item.getValue());
        zip.closeEntry();
      }
      zip.setComment("0".repeat(DIGEST));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return signed(out.toByteArray());
  }

  private static byte[] signed(byte[] file) {
    int body = file.length - DIGEST;
    byte[] digest = sha256(java.util.Arrays.copyOf(file, body)).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digest, 0, file, body, DIGEST);
    return file;
  }

  /** The entries with other weights, whose digest the manifest names. */
  static Map<String, byte[]> withWeights(Map<String, byte[]> entries, byte[] weights) {
    String manifest = text(entries.get(MANIFEST));
    Map<String, byte[]> out = new LinkedHashMap<>();
    String named = manifest.replace(sha256(entries.get(WEIGHTS)), sha256(weights));
    out.put(MANIFEST, named.getBytes(StandardCharsets.UTF_8));
    out.put(WEIGHTS, weights);
    return out;
  }

  /** The entries with a piece of the manifest replaced. */
  static Map<String, byte[]> withManifest(
      Map<String, byte[]> entries, String pattern, String replacement) {
    String manifest = text(entries.get(MANIFEST));
    String changed = manifest.replaceFirst(pattern, replacement);
    if (changed.equals(manifest)) {
      throw new IllegalStateException("The manifest has nothing like " + pattern + ": " + manifest);
    }
    Map<String, byte[]> out = new LinkedHashMap<>(entries);
    out.put(MANIFEST, changed.getBytes(StandardCharsets.UTF_8));
    return out;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
