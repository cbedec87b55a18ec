package org.thalweg.app.published;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.random.Seed;

/**
 * A published set.
 *
 * @param name its name in lower case
 * @param columns how many are left after the preparation
 * @param train its training rows
 * @param validation its validation rows
 * @param test its test rows
 * @param files what a user has to download
 * @param published test log-densities in nats of the standardised columns, ± two standard errors,
 *     by configuration: of the AEM paper's table 1 and the spline flows' table 1
 * @param preparation makes it out of the files
 */
public record PublishedSet(
    String name,
    int columns,
    int train,
    int validation,
    int test,
    String files,
    Map<String, String> published,
    Preparation preparation) {

  private static final String PREPARED =
      "All five sets as the papers have them are in data.tar.gz of https://zenodo.org/records/1161203.";

  /** The configurations that are shipped with each set. */
  public static final List<String> CONFIGS = List.of("aem", "nsf-coupling", "nsf-ar");

  /** Makes a set out of files. */
  @FunctionalInterface
  interface Preparation {
    Parts prepare(Source source, Seed seed);
  }

  /** All of them. */
  public static final List<PublishedSet> ALL =
      List.of(
          new PublishedSet(
              "power",
              6,
              1_659_917,
              184_435,
              204_928,
              "power/data.npy of it, or the UCI file household_power_consumption.txt"
                  + " (https://archive.ics.uci.edu/dataset/235)",
              published(
                  "0.70 ± 0.01 (S = 20000), its proposal 0.61 ± 0.01, kernels 0.65 ± 0.01",
                  "0.64 ± 0.01",
                  "0.66 ± 0.01"),
              new Power()),
          new PublishedSet(
              "gas",
              8,
              852_174,
              94_685,
              105_206,
              "the UCI file ethylene_CO.txt (https://archive.ics.uci.edu/dataset/322), or"
                  + " gas/ethylene_CO.pickle of it written as an array ethylene_CO.npy",
              published(
                  "13.03 ± 0.01 (S = 20000), its proposal 12.80 ± 0.01, kernels 12.89 ± 0.01",
                  "13.09 ± 0.02",
                  "13.09 ± 0.02"),
              new Gas()),
          new PublishedSet(
              "hepmass",
              21,
              315_123,
              35_013,
              174_987,
              "1000_train.csv and 1000_test.csv, of it or of UCI"
                  + " (https://archive.ics.uci.edu/dataset/347), also packed by gzip",
              published(
                  "-12.85 ± 0.01 (S = 20000), its proposal -13.42 ± 0.01, kernels -12.87 ± 0.01",
                  "-14.75 ± 0.03",
                  "-14.01 ± 0.03"),
              new Hepmass()),
          new PublishedSet(
              "miniboone",
              43,
              29_556,
              3284,
              3648,
              "miniboone/data.npy of it, or the UCI file MiniBooNE_PID.txt"
                  + " (https://archive.ics.uci.edu/dataset/199)",
              published(
                  "-10.17 ± 0.26 (S = 20000), its proposal -11.01 ± 0.23, kernels -10.33 ± 0.22",
                  "-9.67 ± 0.47",
                  "-9.22 ± 0.48"),
              new Miniboone()),
          new PublishedSet(
              "bsds300",
              63,
              1_000_000,
              50_000,
              250_000,
              "BSDS300/BSDS300.hdf5 of it, or its arrays as train.npy, validation.npy and test.npy",
              published(
                  "158.71 ± 0.14 (S = 20000), its proposal 157.41 ± 0.14, kernels 158.44 ± 0.14",
                  "157.54 ± 0.28",
                  "157.31 ± 0.28"),
              new Bsds300()));

  private static Map<String, String> published(String aem, String coupling, String autoregressive) {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("aem", aem);
    out.put("nsf-coupling", coupling);
    out.put("nsf-ar", autoregressive);
    return out;
  }

  /**
   * The set of a name.
   *
   * @throws ThalwegException exit code 2 where there is none
   */
  public static PublishedSet of(String name) {
    return ALL.stream()
        .filter(set -> set.name.equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                Names.unknown(
                    "published set", name, ALL.stream().map(PublishedSet::name).toList()));
  }

  /** All rows of it. */
  public int rows() {
    return train + validation + test;
  }

  /**
   * Reads and prepares it.
   *
   * @param directory where the files lie
   * @param seed of what is drawn where the published set was not: noise and samples of raw files
   * @throws ThalwegException exit code 2 where a file is missing or is another one
   */
  public Parts read(Path directory, Seed seed) {
    return preparation.prepare(
        new Source(directory, "Needed: " + files + ". " + PREPARED), seed.child(name));
  }

  /** Whether a division is the published one to the last row. */
  public boolean complete(Parts parts) {
    return parts.train().rows() == train
        && parts.validation().rows() == validation
        && parts.test().rows() == test;
  }
}
