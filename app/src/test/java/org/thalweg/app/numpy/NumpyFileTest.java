package org.thalweg.app.numpy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;

/** Files written byte by byte after numpy's description of its format. */
class NumpyFileTest {
  @TempDir Path dir;

  static byte[] npy(int version, String dictionary, byte[] data) {
    byte[] header = (dictionary + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out =
        ByteBuffer.allocate(12 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) header.length);
    } else {
      out.putInt(header.length);
    }
    out.put(header).put(data);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  static String dictionary(String type, boolean fortran, String shape) {
    return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }"
        .formatted(type, fortran ? "True" : "False", shape);
  }

  private NumpyArray read(byte[] bytes) throws IOException {
    return NumpyFile.read(Files.write(dir.resolve("a.npy"), bytes)).get(0);
  }

  @Test
  void readsShortsInFortranOrder() throws IOException {
    // [[1, -2], [3, 4], [5, 300]], column after column.
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (int v : new int[] {1, 3, 5, -2, 4, 300}) {
      data.putShort((short) v);
    }
    NumpyArray array = read(npy(1, dictionary("<i2", true, "(3, 2)"), data.array()));
    assertEquals(List.of("X_0", "X_1"), array.columnNames());
    assertEquals(3, array.rows());
    assertEquals(-2, array.whole(0, 1));
    assertEquals(3, array.whole(1, 0));
    assertEquals(300, array.number(2, 1));
  }

  @Test
  void readsBigEndianFloatsAndTheSecondVersion() throws IOException {
    byte[] data = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-0.25f).array();
    NumpyArray array = read(npy(2, dictionary(">f4", false, "(1, 2)"), data));
    assertEquals(1.5, array.number(0, 0));
    assertEquals(-0.25, array.number(0, 1));
  }

  @Test
  void readsHalfPrecision() throws IOException {
    // IEEE 754: 1, -2, 65504, the smallest subnormal 2^-24, infinity, not a number.
    int[] bits = {0x3c00, 0xc000, 0x7bff, 0x0001, 0x7c00, 0x7e00};
    ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    for (int b : bits) {
      data.putShort((short) b);
    }
    NumpyArray array = read(npy(1, dictionary("<f2", false, "(6,)"), data.array()));
    double[] expected = {1, -2, 65504, 5.9604644775390625e-8, Double.POSITIVE_INFINITY, Double.NaN};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], array.number(i, 0));
    }
    assertEquals(List.of("X"), array.columnNames());
  }

  @Test
  void readsUnsignedAndTruthValues() throws IOException {
    assertEquals(
        200, read(npy(1, dictionary("|u1", false, "(1,)"), new byte[] {(byte) 200})).whole(0, 0));
    assertEquals(1, read(npy(1, dictionary("|b1", false, "(1,)"), new byte[] {1})).whole(0, 0));
    byte[] ones = new byte[8];
    java.util.Arrays.fill(ones, (byte) -1);
    assertEquals(
        18446744073709551615.0, read(npy(1, dictionary("<u8", false, "(1,)"), ones)).number(0, 0));
    assertEquals(
        4294967295L,
        read(npy(1, dictionary("<u4", false, "(1,)"), java.util.Arrays.copyOf(ones, 4)))
            .whole(0, 0));
  }

  @Test
  void readsAZipOfArrays() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("X.npy"));
      zip.write(npy(1, dictionary("|i1", false, "(2, 2)"), new byte[] {1, 2, 3, 4}));
      zip.putNextEntry(new ZipEntry("y.npy"));
      zip.write(npy(1, dictionary("|i1", false, "(2,)"), new byte[] {7, 8}));
    }
    List<NumpyArray> arrays =
        NumpyFile.read(Files.write(dir.resolve("a.npz"), bytes.toByteArray()));
    assertEquals(List.of("X_0", "X_1"), arrays.get(0).columnNames());
    assertEquals(List.of("y"), arrays.get(1).columnNames());
    assertEquals(3, arrays.get(0).whole(1, 0));
    assertEquals(8, arrays.get(1).whole(1, 0));
  }

  @Test
  void refusesWhatIsNoTableOfNumbers() {
    refused("is not a numpy array", "hello, this is no array".getBytes(StandardCharsets.US_ASCII));
    refused("is not a numpy array", new byte[0]);
    refused("elements of type |O", npy(1, dictionary("|O", false, "(1,)"), new byte[8]));
    refused("elements of type <U3", npy(1, dictionary("<U3", false, "(1,)"), new byte[12]));
    refused("one or two axes", npy(1, dictionary("|i1", false, "(1, 1, 1)"), new byte[1]));
    refused(
        "has shape [5, 0], which is no column",
        npy(1, dictionary("<f8", false, "(5, 0)"), new byte[0]));
    refused("needs 24 bytes, there are 8", npy(1, dictionary("<f8", false, "(3,)"), new byte[8]));
    refused("is damaged", npy(1, dictionary("<f8", false, "(999999999, 999999999)"), new byte[8]));
    refused("malformed", npy(1, "{'descr': '<f8', 'shape': (1,)}", new byte[8]));
    byte[] cut = npy(1, dictionary("<f8", false, "(1,)"), new byte[8]);
    refused("malformed", java.util.Arrays.copyOf(cut, 20));
  }

  @Test
  void refusesArraysOfUnequalLength() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("a.npy"));
      zip.write(npy(1, dictionary("|i1", false, "(1,)"), new byte[1]));
      zip.putNextEntry(new ZipEntry("b.npy"));
      zip.write(npy(1, dictionary("|i1", false, "(2,)"), new byte[2]));
    }
    Path file = Files.write(dir.resolve("u.npz"), bytes.toByteArray());
    ThalwegException e = assertThrows(ThalwegException.class, () -> NumpyFile.read(file));
    assertTrue(e.getMessage().contains("'a' has 1, 'b' has 2"), e.getMessage());
  }

  private void refused(String message, byte[] bytes) {
    ThalwegException e = assertThrows(ThalwegException.class, () -> read(bytes));
    assertEquals(ExitCode.USAGE, e.exitCode());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
