package org.thalweg.app.numpy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thalweg.api.error.ThalwegException;

/**
 * What stands before the elements: a magic text, a version, a length, and a Python dictionary with
 * type, order and shape (numpy, {@code numpy.lib.format}, versions 1 to 3).
 *
 * @param label what messages call the array
 * @param type the type of the elements
 * @param fortran whether they are stored column after column
 * @param shape the lengths of the axes
 */
record NumpyHeader(String label, NumpyType type, boolean fortran, long[] shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");
  private static final Pattern TYPE = Pattern.compile("([<>|=])([fiub])([1248])");

  /** Reads it, and leaves the buffer at the first element. */
  static NumpyHeader read(String label, ByteBuffer bytes) {
    byte[] magic = new byte[MAGIC.length];
    if (bytes.remaining() >= 12) {
      bytes.get(magic);
    }
    if (!Arrays.equals(magic, MAGIC)) {
      throw ThalwegException.usage("%s is not a numpy array.", label);
    }
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int version = bytes.get();
    bytes.get();
    int length = version == 1 ? bytes.getShort() & 0xffff : bytes.getInt();
    if (version < 1 || version > 3 || length < 0 || length > bytes.remaining()) {
      throw ThalwegException.usage("The header of %s is malformed.", label);
    }
    byte[] text = new byte[length];
    bytes.get(text);
    String header = new String(text, StandardCharsets.UTF_8);
    return new NumpyHeader(
        label,
        type(label, header),
        find(ORDER, header, label).equals("True"),
        shape(label, find(SHAPE, header, label)));
  }

  /** The array whose elements are what remains in the buffer. */
  NumpyArray array(String name, ByteBuffer bytes) {
    if (shape.length < 1 || shape.length > 2) {
      throw ThalwegException.usage(
          "%s has shape %s; a table needs one or two axes.", label, Arrays.toString(shape));
    }
    long columns = shape.length == 2 ? shape[1] : 1;
    if (columns == 0) {
      throw ThalwegException.usage(
          "%s has shape %s, which is no column; a table needs one or more.",
          label, Arrays.toString(shape));
    }
    // As a floating-point number, since the product of what a damaged file says may overflow.
    double needed = (double) shape[0] * columns * type.size();
    if (needed != bytes.remaining()) {
      throw ThalwegException.usage(
          "%s is damaged: shape %s needs %.0f bytes, there are %d.",
          label, Arrays.toString(shape), needed, bytes.remaining());
    }
    return new NumpyArray(
        name,
        type,
        (int) shape[0],
        (int) columns,
        shape.length == 1,
        fortran,
        bytes.slice().order(type.order()));
  }

  private static long[] shape(String label, String axes) {
    try {
      return Arrays.stream(axes.split(","))
          .map(String::strip)
          .filter(axis -> !axis.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw ThalwegException.usage("The header of %s is malformed: shape (%s).", label, axes);
    }
  }

  private static NumpyType type(String label, String header) {
    Matcher found = DESCR.matcher(header);
    String descr = found.find() ? found.group(1) : "a structure";
    Matcher type = TYPE.matcher(descr);
    if (!type.matches() || (descr.charAt(1) == 'f' && descr.charAt(2) == '1')) {
      throw ThalwegException.usage(
          "%s holds elements of type %s; numbers are needed (float16 to 64, int8 to 64, uint8 to "
              + "64, bool).",
          label, descr);
    }
    ByteOrder order =
        type.group(1).equals(">")
            ? ByteOrder.BIG_ENDIAN
            : type.group(1).equals("=") ? ByteOrder.nativeOrder() : ByteOrder.LITTLE_ENDIAN;
    return new NumpyType(type.group(2).charAt(0), Integer.parseInt(type.group(3)), order);
  }

  private static String find(Pattern pattern, String header, String label) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw ThalwegException.usage("The header of %s is malformed: %s", label, header.strip());
    }
    return matcher.group(1);
  }
}
