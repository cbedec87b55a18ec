package org.thalweg.app.numpy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The type of an array's elements, as numpy writes it: {@code <f8}.
 *
 * @param kind {@code f} floating point, {@code i} signed, {@code u} unsigned, {@code b} truth value
 * @param size bytes of an element
 * @param order the order of its bytes
 */
public record NumpyType(char kind, int size, ByteOrder order) {
  /** Whether elements fit a {@code long} exactly. */
  public boolean whole() {
    return kind != 'f' && !(kind == 'u' && size == 8);
  }

  /** Whether single precision holds elements exactly. */
  public boolean single() {
    return kind == 'f' && size <= 4;
  }

  /** The element at a byte offset; requires {@link #whole}. */
  long whole(ByteBuffer data, int offset) {
    return switch (size) {
      case 1 -> kind == 'i' ? data.get(offset) : data.get(offset) & 0xff;
      case 2 -> kind == 'i' ? data.getShort(offset) : data.getShort(offset) & 0xffff;
      case 4 -> kind == 'i' ? data.getInt(offset) : data.getInt(offset) & 0xffffffffL;
      default -> data.getLong(offset);
    };
  }

  /** The element at a byte offset. */
  double number(ByteBuffer data, int offset) {
    if (kind != 'f') {
      return whole() ? whole(data, offset) : unsigned(data.getLong(offset));
    }
    return switch (size) {
      case 2 -> half(data.getShort(offset));
      case 4 -> data.getFloat(offset);
      default -> data.getDouble(offset);
    };
  }

  private static double unsigned(long bits) {
    return (bits >>> 1) * 2.0 + (bits & 1);
  }

  /** IEEE 754 binary16; the JDK has this from version 20 on. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : exponent < 31
                ? Math.scalb(1024.0 + fraction, exponent - 25)
                : fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    return bits < 0 ? -magnitude : magnitude;
  }
}
