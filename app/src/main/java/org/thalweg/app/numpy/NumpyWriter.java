package org.thalweg.app.numpy;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a {@code .npy} file, or the arrays of a {@code .npz}, row after row. */
public final class NumpyWriter implements AutoCloseable {
  /** Elements begin at a multiple of this, as numpy does it. */
  private static final int ALIGNMENT = 64;

  private static final int BEFORE_HEADER = 10;

  private final OutputStream out;
  private final boolean zip;
  private final ByteBuffer element = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  /** A writer to a file; a zip of arrays or one array. */
  public NumpyWriter(Path file, boolean zip) throws IOException {
    this.zip = zip;
    OutputStream raw = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    out = zip ? new ZipOutputStream(raw) : raw;
  }

  /**
   * Begins an array.
   *
   * @param name its name in a zip
   * @param whole whether elements are {@code int64}, not {@code float64}
   * @param flat whether it has one axis
   */
  public void begin(String name, boolean whole, int rows, int columns, boolean flat)
      throws IOException {
    if (zip) {
      ZipEntry entry = new ZipEntry(name + ".npy");
      // A fixed time, so that the same numbers give the same file.
      entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
      ((ZipOutputStream) out).putNextEntry(entry);
    }
    String shape = flat ? rows + "," : rows + ", " + columns;
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(whole ? "<i8" : "<f8", shape);
    int length = BEFORE_HEADER + header.length() + 1;
    int padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer start = ByteBuffer.allocate(BEFORE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
    start.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    start.put((byte) 1).put((byte) 0).putShort((short) text.length);
    out.write(start.array());
    out.write(text);
  }

  /** Adds an element of an array of {@code float64}. */
  public void add(double value) {
    put(element.putDouble(0, value));
  }

  /** Adds an element of an array of {@code int64}. */
  public void add(long value) {
    put(element.putLong(0, value));
  }

  /** Ends the array. */
  public void end() throws IOException {
    if (zip) {
      ((ZipOutputStream) out).closeEntry();
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void put(ByteBuffer bytes) {
    try {
      out.write(bytes.array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
