package org.thalweg.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.thalweg.api.data.Matrix;

/**
 * Images of digits (LeCun and Cortes, 2010).
 *
 * @param pixels {@code [N, 784]}, from 0 to 1
 * @param labels N digits
 */
public record Mnist(Matrix pixels, int[] labels) {
  /** One of the two parts. */
  public enum Part {
    /** 60,000 images. */
    TRAIN("train"),
    /** 10,000 images. */
    TEST("t10k");

    private final String word;

    Part(String word) {
      this.word = word;
    }
  }

  /** Reads a part. */
  public static Mnist read(Part part) {
    byte[] images = bytes(part.word + "-images-idx3-ubyte", 16);
    byte[] digits = bytes(part.word + "-labels-idx1-ubyte", 8);
    double[] pixels = new double[images.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (images[i] & 0xff) / 255.0;
    }
    int[] labels = IntStream.range(0, digits.length).map(i -> digits[i]).toArray();
    return new Mnist(new Matrix(labels.length, 784, pixels), labels);
  }

  /** The images of some digits. */
  public Mnist digits(IntPredicate wanted) {
    return select(IntStream.range(0, labels.length).filter(i -> wanted.test(labels[i])).toArray());
  }

  /** Some images, in the order given. */
  public Mnist select(int[] indices) {
    return new Mnist(pixels.select(indices), IntStream.of(indices).map(i -> labels[i]).toArray());
  }

  private static byte[] bytes(String name, int header) {
    Path directory =
        Path.of(System.getenv().getOrDefault("THALWEG_DATA", "../shared/data"), "mnist");
    Path packed = directory.resolve(name + ".gz");
    try (InputStream file =
            Files.exists(packed)
                ? new GZIPInputStream(Files.newInputStream(packed))
                : Files.newInputStream(directory.resolve(name));
        DataInputStream in = new DataInputStream(file)) {
      in.readNBytes(header);
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
