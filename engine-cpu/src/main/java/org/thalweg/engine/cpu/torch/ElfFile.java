package org.thalweg.engine.cpu.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A library of Linux, of which only the tables are read: what the dynamic linker would find amiss
 * ends the process, so it is looked for before.
 */
final class ElfFile {
  private static final int MAGIC = 0x464c457f;
  private static final int HEADER = 64;
  private static final int BITS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;

  /** Types of sections: one that takes no room in the file, and the symbols of the linker. */
  private static final int NO_BITS = 8;

  private static final int DYNAMIC_SYMBOLS = 11;

  /** How long a row of each table is at least. */
  private static final int SEGMENT = 56;

  private static final int SECTION = 64;
  private static final int SYMBOL = 24;
  private static final int WEAK = 2;

  /** Bytes at a place. */
  private interface Source {
    ByteBuffer read(long offset, long length) throws IOException;
  }

  private record Section(int type, long offset, long size, int link) {}

  private final Source source;
  private final long size;
  private final ByteBuffer header;
  private final boolean whole;
  private final List<Section> sections = new ArrayList<>();

  private ElfFile(Source source, long size, ByteBuffer header) throws IOException {
    this.source = source;
    this.size = size;
    this.header = header;
    // Those of other machines are told by their number alone.
    this.whole = header.get(4) != BITS_64 || header.get(5) != LITTLE_ENDIAN || hasAllItsParts();
  }

  /** Reads the tables of a file; empty where it is none of this kind. */
  static Optional<ElfFile> of(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return of((offset, length) -> read(file, offset, length), channel.size());
    }
  }

  /** Reads the tables of a file that is in memory; empty where it is none of this kind. */
  static Optional<ElfFile> of(byte[] file) throws IOException {
    return of(
        (offset, length) -> ByteBuffer.wrap(file, Math.toIntExact(offset), Math.toIntExact(length)),
        file.length);
  }

  private static Optional<ElfFile> of(Source source, long size) throws IOException {
    if (size < HEADER) {
      return Optional.empty();
    }
    ByteBuffer header = ordered(source.read(0, HEADER));
    return header.getInt(0) == MAGIC
        ? Optional.of(new ElfFile(source, size, header))
        : Optional.empty();
  }

  private static ByteBuffer read(Path file, long offset, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(length));
      while (out.hasRemaining() && channel.read(out, offset + out.position()) > 0) {
        // Until it is full.
      }
      return out.flip();
    }
  }

  private static ByteBuffer ordered(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of the processor that it is for. */
  int machine() {
    return header.getShort(18);
  }

  /** Whether it is as long as its tables say. */
  boolean whole() {
    return whole;
  }

  /** The functions and variables that others may use. */
  Set<String> defined() throws IOException {
    return symbols(true);
  }

  /** Those that others must have, or it cannot run. */
  Set<String> needed() throws IOException {
    return symbols(false);
  }

  private boolean hasAllItsParts() throws IOException {
    return segmentsFit() && readSections();
  }

  private boolean segmentsFit() throws IOException {
    int each = header.getShort(54);
    Optional<ByteBuffer> table = part(header.getLong(32), (long) each * header.getShort(56));
    boolean fit = table.isPresent() && (each == 0 || each >= SEGMENT);
    for (int at = 0; fit && at < table.get().capacity(); at += each) {
      fit = fits(table.get().getLong(at + 8), table.get().getLong(at + 32));
    }
    return fit;
  }

  private boolean readSections() throws IOException {
    int each = header.getShort(58);
    Optional<ByteBuffer> table = part(header.getLong(40), (long) each * header.getShort(60));
    boolean fit = table.isPresent() && (each == 0 || each >= SECTION);
    for (int at = 0; fit && at < table.get().capacity(); at += each) {
      ByteBuffer row = table.get();
      Section section =
          new Section(
              row.getInt(at + 4), row.getLong(at + 24), row.getLong(at + 32), row.getInt(at + 40));
      fit = section.type == NO_BITS || fits(section.offset, section.size);
      sections.add(section);
    }
    return fit;
  }

  private boolean fits(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= size - length;
  }

  private Optional<ByteBuffer> part(long offset, long length) throws IOException {
    return fits(offset, length)
        ? Optional.of(ordered(source.read(offset, length)))
        : Optional.empty();
  }

  private Set<String> symbols(boolean defined) throws IOException {
    Set<String> names = new HashSet<>();
    for (Section section : sections) {
      if (whole && section.type == DYNAMIC_SYMBOLS) {
        Section texts = sections.get(section.link);
        ByteBuffer table = ordered(source.read(section.offset, section.size));
        ByteBuffer text = ordered(source.read(texts.offset, texts.size));
        for (int at = SYMBOL; at + SYMBOL <= table.capacity(); at += SYMBOL) {
          boolean here = table.getShort(at + 6) != 0;
          boolean weak = (table.get(at + 4) & 0xff) >> 4 == WEAK;
          if (here == defined && (here || !weak)) {
            names.add(name(text, table.getInt(at)));
          }
        }
      }
    }
    return names;
  }

  private static String name(ByteBuffer text, int start) {
    int end = start;
    while (text.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    text.get(start, name);
    return new String(name, StandardCharsets.US_ASCII);
  }
}
