package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.thalweg.api.config.Choice;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.estimator.FitOptions;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.model.ModelFile;

/**
 * A model's file is read whole or refused with exit code 3: truncated, flipped in any bit, foreign,
 * or made to do harm. Subjects are estimators with options for a short training.
 */
public abstract non-sealed class ModelFormatContract extends PluginContract {
  private static final int POSITIONS = 300;

  private final Map<Choice, byte[]> files = new HashMap<>();

  /** Where the files of the tests go. */
  @TempDir Path directory;

  /** For subclasses. */
  protected ModelFormatContract() {}

  private EstimatorContext context() {
    return new EstimatorContext(engine(DataType.FLOAT32), registry());
  }

  /** The bytes of a good file, made once. */
  private byte[] good(Choice subject) {
    return files
        .computeIfAbsent(
            subject,
            key -> {
              try (Model model = fit(registry().estimator(key.name()), key)) {
                Path file = directory.resolve("good.thalweg");
                ModelFile.save(file, model, registry(), Map.of("note", "a test"));
                return Files.readAllBytes(file);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .clone();
  }

  private <C extends Record> Model fit(EstimatorProvider<C> provider, Choice subject) {
    return provider
        .create(ConfigBinder.bind(provider.defaults(), subject.options()), context())
        .fit(Tables.plane(), FitOptions.seed(1), FitListener.SILENT);
  }

  private Path write(byte[] bytes) {
    try {
      return Files.write(directory.resolve("bad.thalweg"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ThalwegException assertRefused(byte[] bytes, String what) {
    Path file = write(bytes);
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> ModelFile.load(file, context()), what);
    assertEquals(ExitCode.DATA, refusal.exitCode(), what + ": " + refusal.getMessage());
    assertTrue(refusal.getMessage().contains("bad.thalweg"), what + ": " + refusal.getMessage());
    return refusal;
  }

  private void assertRefused(Map<String, byte[]> entries, String what) {
    assertRefused(Forged.file(entries, ZipEntry.STORED), what);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void whatWasWrittenIsRead(Choice subject) {
    Path file = write(good(subject));
    ModelFile.Loaded loaded = ModelFile.load(file, context());
    try (Model model = loaded.model()) {
      assertEquals(subject.name(), model.card().estimator());
      assertEquals("a test", loaded.provenance().get("note"));
      Path again = directory.resolve("again.thalweg");
      ModelFile.save(again, model, registry(), loaded.provenance());
      assertArrayEquals(good(subject), Files.readAllBytes(again), "a file of the same model");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Its own forgery is accepted, so that what is refused below is refused for its content.
    byte[] copy = Forged.file(Forged.entries(good(subject)), ZipEntry.STORED);
    ModelFile.load(write(copy), context()).model().close();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aTruncatedFileIsRefused(Choice subject) {
    byte[] good = good(subject);
    SplittableRandom random = new SplittableRandom(1);
    for (int length : new int[] {0, 1, 4, 63, 64, 65, good.length - 65, good.length - 1}) {
      assertRefused(Arrays.copyOf(good, length), length + " bytes");
    }
    for (int i = 0; i < POSITIONS; i++) {
      int length = random.nextInt(good.length);
      assertRefused(Arrays.copyOf(good, length), length + " bytes");
    }
    assertRefused(Arrays.copyOf(good, good.length + 1), "a byte too many");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aFlippedBitIsFound(Choice subject) {
    byte[] good = good(subject);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < POSITIONS; i++) {
      byte[] bad = good.clone();
      // A third of them at the ends, where the structure of the zip file is.
      int at =
          switch (i % 3) {
            case 0 -> random.nextInt(good.length);
            case 1 -> random.nextInt(Math.min(200, good.length));
            default -> good.length - 1 - random.nextInt(Math.min(400, good.length));
          };
      bad[at] ^= (byte) (1 << random.nextInt(8));
      assertRefused(bad, "a bit of byte " + at);
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void foreignFilesAreRefused(Choice subject) {
    byte[] noise = new byte[5000];
    new java.util.Random(3).nextBytes(noise);
    assertRefused(noise, "noise");
    assertRefused("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8), "a table");
    assertRefused(Map.of("readme.txt", noise), "another zip file");
    Map<String, byte[]> entries = Forged.entries(good(subject));
    assertRefused(Map.of(Forged.MANIFEST, entries.get(Forged.MANIFEST)), "no weights");
    assertRefused(Forged.withManifest(entries, "thalweg-model", "another-model"), "format");
    assertRefused(
        Forged.withManifest(entries, "\"format_version\"\\s*:\\s*1", "\"format_version\" : 999"),
        "a later version");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void harmfulFilesAreRefused(Choice subject) {
    Map<String, byte[]> entries = Forged.entries(good(subject));
    assertRefused(with(entries, "../../escaped", new byte[1]), "path traversal");
    assertRefused(with(entries, "/tmp/escaped", new byte[1]), "an absolute path");
    assertRefused(with(entries, "Evil.class", new byte[1]), "a class");
    assertFalse(Files.exists(directory.resolve("../../escaped")));
    Map<String, byte[]> bomb = Forged.withWeights(entries, new byte[64 << 20]);
    byte[] small = Forged.file(bomb, ZipEntry.DEFLATED);
    assertTrue(small.length < 1 << 20, "the bomb is small");
    assertRefused(small, "a zip bomb");
  }

  private static Map<String, byte[]> with(
      Map<String, byte[]> entries, String name, byte[] content) {
    Map<String, byte[]> out = new LinkedHashMap<>(entries);
    out.put(name, content);
    return out;
  }

  /** What the header says of the array whose numbers come first. */
  private static String firstArray(byte[] weights, int data) {
    for (String array : Forged.text(Arrays.copyOfRange(weights, 8, data)).split("}")) {
      if (array.replace(" ", "").contains("\"data_offsets\":[0,")) {
        return array;
      }
    }
    throw new AssertionError("no array begins at 0");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void weightsThatCannotBeAreRefused(Choice subject) {
    Map<String, byte[]> entries = Forged.entries(good(subject));
    byte[] weights = entries.get(Forged.WEIGHTS);
    ByteBuffer header = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
    int data = 8 + (int) header.getLong(0);
    // Which array begins the numbers is not said by its place in the header.
    boolean twice = firstArray(weights, data).contains("\"F64\"");
    for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      byte[] bad = weights.clone();
      ByteBuffer into = ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN);
      if (twice) {
        into.putDouble(data, number);
      } else {
        into.putFloat(data, number);
      }
      assertRefused(Forged.withWeights(entries, bad), "a weight of " + number);
    }
    assertRefused(Forged.withWeights(entries, Arrays.copyOf(weights, data)), "no numbers");
    assertRefused(Forged.withWeights(entries, new byte[0]), "nothing at all");
    byte[] huge = weights.clone();
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    assertRefused(Forged.withWeights(entries, huge), "an endless header");
    String json = Forged.text(Arrays.copyOfRange(weights, 8, data));
    String reshaped = json.replaceFirst("\"shape\":\\[(\\d+)", "\"shape\":[1$1");
    byte[] other = reshaped.substring(0, json.length()).getBytes(StandardCharsets.UTF_8);
    byte[] lying = weights.clone();
    System.arraycopy(other, 0, lying, 8, other.length);
    assertRefused(Forged.withWeights(entries, lying), "a shape that lies");
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void aMissingPluginIsNamed(Choice subject) {
    Path file = write(good(subject));
    EstimatorContext without =
        new EstimatorContext(engine(DataType.FLOAT32), Registry.builder().build());
    ThalwegException refusal =
        assertThrows(ThalwegException.class, () -> ModelFile.load(file, without));
    assertEquals(ExitCode.DATA, refusal.exitCode());
    String plugin = registry().entry(Registry.Kind.ESTIMATOR, subject.name()).origin().name();
    assertTrue(refusal.getMessage().contains(subject.name()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(plugin), refusal.getMessage());
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void anUnknownOptionIsRefused(Choice subject) {
    Map<String, byte[]> entries = Forged.entries(good(subject));
    assertRefused(
        Forged.withManifest(
            entries, "\"config\"\\s*:\\s*\\{", "\"config\" : { \"no-such-option\" : 1,"),
        "an option that does not exist");
  }
}
