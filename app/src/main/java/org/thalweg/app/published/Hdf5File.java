package org.thalweg.app.published;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/**
 * As much of HDF5 as the published file needs: matrices of floating-point numbers in the root
 * group, stored in one piece, in the format that its library writes by default (HDF5 file format
 * specification, version 1.1: superblock 0, groups by symbol tables). Anything else is refused with
 * the way around it.
 */
final class Hdf5File implements AutoCloseable {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int SUPERBLOCK = 96;
  private static final int CHUNK = 1 << 20;
  private static final long MOST_HEADER = 1 << 20;
  private static final int DATASPACE = 1;
  private static final int DATATYPE = 3;
  private static final int LAYOUT = 8;
  private static final int CONTINUATION = 16;
  private static final int SYMBOL_TABLE = 17;
  private static final int FLOATING_POINT = 1;
  private static final int CONTIGUOUS = 1;

  private final Path file;
  private final FileChannel channel;

  private Hdf5File(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  /**
   * Reads a data set of the root group.
   *
   * @throws ThalwegException exit code 2 where it is not there, or is stored in another way
   */
  static Matrix read(Path file, String name) {
    try (Hdf5File opened = new Hdf5File(file)) {
      return opened.matrix(name);
    } catch (IOException | BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot read '" + file + "': " + Reason.thrown(e) + ".", e);
    }
  }

  private Matrix matrix(String name) throws IOException {
    Map<String, Long> there = names();
    Long header = there.get(name);
    if (header == null) {
      throw ThalwegException.usage(
          "'%s' holds no data set '%s'; there are %s.", file, name, there.keySet());
    }
    Map<Integer, ByteBuffer> messages = messages(header);
    long[] shape = shape(message(messages, DATASPACE));
    ByteBuffer type = message(messages, DATATYPE);
    int kind = type.get(0) & 15;
    boolean big = (type.get(1) & 1) != 0;
    int size = type.getInt(4);
    ByteBuffer layout = message(messages, LAYOUT);
    boolean plain = layout.get(0) >= 3 && layout.get(1) == CONTIGUOUS;
    if (kind != FLOATING_POINT || (size != 4 && size != 8) || !plain || shape.length != 2) {
      throw other("the data set '" + name + "' is no plain matrix of floating-point numbers");
    }
    // As a floating-point number, since the product of what a damaged file says may overflow.
    double count = (double) shape[0] * shape[1];
    boolean sensible = shape[0] >= 0 && shape[1] >= 0 && count * size <= channel.size();
    if (!sensible || count > Integer.MAX_VALUE - 8) {
      throw other("the data set '" + name + "' has " + shape[0] + " x " + shape[1] + " numbers");
    }
    double[] out = new double[(int) count];
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    fill(out, layout.getLong(2), size, order);
    return new Matrix((int) shape[0], (int) shape[1], out);
  }

  private void fill(double[] out, long address, int size, ByteOrder order) throws IOException {
    for (int from = 0; from < out.length; from += CHUNK) {
      int count = Math.min(CHUNK, out.length - from);
      ByteBuffer bytes = at(address + (long) from * size, count * size).order(order);
      for (int i = 0; i < count; i++) {
        out[from + i] = size == 4 ? bytes.getFloat() : bytes.getDouble();
      }
    }
  }

  /** The objects of the root group, by name. */
  private Map<String, Long> names() throws IOException {
    ByteBuffer block = at(0, SUPERBLOCK);
    byte[] signature = new byte[SIGNATURE.length];
    block.get(signature);
    if (!Arrays.equals(signature, SIGNATURE)) {
      throw ThalwegException.usage("'%s' is no HDF5 file.", file);
    }
    if (block.get(8) != 0 || block.get(13) != 8 || block.get(14) != 8 || block.getLong(24) != 0) {
      throw other("it is written in a newer form of the format");
    }
    ByteBuffer table = message(messages(block.getLong(64)), SYMBOL_TABLE);
    ByteBuffer heap = tagged(table.getLong(8), 32, "HEAP");
    Map<String, Long> out = new TreeMap<>();
    node(table.getLong(0), heap.getLong(24), Integer.MAX_VALUE, out);
    return out;
  }

  /** A node of the tree of names, down to the leaves. */
  private void node(long address, long names, int above, Map<String, Long> out) throws IOException {
    ByteBuffer head = tagged(address, 24, "TREE");
    int level = head.get(5) & 0xff;
    if (level >= above) {
      throw other("it is damaged: a tree that goes in circles");
    }
    int used = head.getShort(6) & 0xffff;
    ByteBuffer entries = at(address + 24, 16 * used + 8);
    for (int i = 0; i < used; i++) {
      long child = entries.getLong(16 * i + 8);
      if (level > 0) {
        node(child, names, level, out);
      } else {
        leaf(child, names, out);
      }
    }
  }

  private void leaf(long address, long names, Map<String, Long> out) throws IOException {
    int symbols = tagged(address, 8, "SNOD").getShort(6) & 0xffff;
    ByteBuffer entries = at(address + 8, 40 * symbols);
    for (int i = 0; i < symbols; i++) {
      out.put(text(names + entries.getLong(40 * i)), entries.getLong(40 * i + 8));
    }
  }

  /** The messages of an object's header by type, the first of each. */
  private Map<Integer, ByteBuffer> messages(long address) throws IOException {
    ByteBuffer head = at(address, 16);
    if (head.get(0) != 1) {
      throw other("an object's header is of a newer form");
    }
    Map<Integer, ByteBuffer> out = new TreeMap<>();
    int left = head.getShort(2) & 0xffff;
    Optional<ByteBuffer> block = Optional.of(at(address + 16, head.getInt(8) & 0xffffffffL));
    while (left > 0 && block.isPresent()) {
      ByteBuffer bytes = block.get();
      block = Optional.empty();
      while (left > 0 && bytes.remaining() >= 8) {
        int type = bytes.getShort() & 0xffff;
        int size = bytes.getShort() & 0xffff;
        bytes.getInt();
        byte[] content = new byte[size];
        bytes.get(content);
        ByteBuffer message = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        left--;
        if (type == CONTINUATION) {
          block = Optional.of(at(message.getLong(0), message.getLong(8)));
        }
        out.putIfAbsent(type, message);
      }
    }
    return out;
  }

  private ByteBuffer message(Map<Integer, ByteBuffer> messages, int type) {
    return Optional.ofNullable(messages.get(type))
        .orElseThrow(() -> other("an object lacks the message " + type));
  }

  private long[] shape(ByteBuffer message) {
    int rank = message.get(1);
    if (rank < 0 || rank > 32) {
      throw other("a data set has " + rank + " axes");
    }
    int from = message.get(0) == 1 ? 8 : 4;
    long[] out = new long[rank];
    Arrays.setAll(out, i -> message.getLong(from + 8 * i));
    return out;
  }

  private String text(long address) throws IOException {
    int most = (int) Math.min(256, channel.size() - address);
    ByteBuffer bytes = at(address, most);
    int length = 0;
    while (length < most && bytes.get(length) != 0) {
      length++;
    }
    return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
  }

  private ByteBuffer tagged(long address, int length, String tag) throws IOException {
    ByteBuffer out = at(address, length);
    if (!new String(out.array(), 0, 4, StandardCharsets.US_ASCII).equals(tag)) {
      throw other("it is damaged: no " + tag + " where one should be");
    }
    return out;
  }

  private ByteBuffer at(long address, long length) throws IOException {
    boolean outside = address < 0 || length < 0 || address + length > channel.size();
    if (outside || length > Math.max(MOST_HEADER, 8L * CHUNK)) {
      throw other(
          "it is damaged: bytes "
              + address
              + " to "
              + (address + length)
              + " of "
              + channel.size());
    }
    ByteBuffer out = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
    long from = address;
    while (out.hasRemaining()) {
      int read = channel.read(out, from);
      if (read < 0) {
        throw new BufferUnderflowException();
      }
      from += read;
    }
    return out.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private ThalwegException other(String reason) {
    return ThalwegException.usage(
        "'%s' cannot be read: %s. Write its data sets as train.npy, validation.npy and test.npy"
            + " instead (h5py reads them, numpy.save writes them).",
        file, reason);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
