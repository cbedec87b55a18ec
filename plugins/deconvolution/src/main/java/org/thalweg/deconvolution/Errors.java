package org.thalweg.deconvolution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Noise;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Rows;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.toolkit.data.Standardiser;

/**
 * Where the errors of rows come from: from columns of the table, or one covariance for all rows.
 */
final class Errors {
  private final Schema schema;
  private final Optional<Noise> common;
  private final Repair repair;
  private final Soundness needed;

  private Errors(Schema schema, Optional<Noise> common, Repair repair, Soundness needed) {
    this.schema = schema;
    this.common = common;
    this.repair = repair;
    this.needed = needed;
  }

  /**
   * The errors of a table.
   *
   * @throws ThalwegException exit code 2 where there are none, or two, or of the wrong size
   */
  static Errors of(ErrorsConfig config, Schema schema, Soundness needed) {
    boolean sd = !config.noiseSd().isBlank();
    boolean covariance = !config.noiseCovariance().isBlank();
    int columns = schema.with(Role.NOISE_SD).size() + schema.with(Role.NOISE_COV).size();
    int given = (sd ? 1 : 0) + (covariance ? 1 : 0) + (columns > 0 ? 1 : 0);
    if (given != 1) {
      throw ThalwegException.usage(
          "The errors must be given in one way, and are in %s: as columns of the table in the role "
              + "noise-sd or noise-cov, as noise-sd, or as noise-covariance.",
          given == 0 ? "none" : "several (%s)".formatted(ways(columns > 0, sd, covariance)));
    }
    int d = schema.features().size();
    Optional<Noise> common =
        sd
            ? Optional.of(deviations(config.noiseSd(), d))
            : covariance ? Optional.of(matrix(config.noiseCovariance(), d)) : Optional.empty();
    return new Errors(schema, common, config.repair(), needed);
  }

  private static String ways(boolean columns, boolean sd, boolean covariance) {
    List<String> out = new ArrayList<>();
    if (columns) {
      out.add("noise columns");
    }
    if (sd) {
      out.add("noise-sd");
    }
    if (covariance) {
      out.add("noise-covariance");
    }
    return String.join(", ", out);
  }

  private static Noise deviations(String text, int d) {
    double[] given = numbers("noise-sd", text);
    if (given.length != 1 && given.length != d) {
      throw ThalwegException.usage(
          "'noise-sd' takes one number or %d, one a feature; got %d: '%s'.", d, given.length, text);
    }
    double[] all = new double[d];
    for (int j = 0; j < d; j++) {
      all[j] = given[given.length == 1 ? 0 : j];
    }
    return new Noise.Diagonal(new Matrix(1, d, all));
  }

  private static Noise matrix(String text, int d) {
    String[] lines = text.replaceAll("[\\[\\]]", "").split(";");
    double[] all = new double[d * d];
    boolean square = lines.length == d;
    for (int i = 0; i < lines.length && square; i++) {
      double[] line = numbers("noise-covariance", lines[i]);
      square = line.length == d;
      if (square) {
        System.arraycopy(line, 0, all, i * d, d);
      }
    }
    if (!square) {
      throw ThalwegException.usage(
          "'noise-covariance' takes %d rows of %d numbers, as there are %d features; got '%s'.",
          d, d, d, text);
    }
    return new Noise.Full(new Matrix(1, d * d, all));
  }

  private static double[] numbers(String option, String text) {
    try {
      return Arrays.stream(text.replaceAll("[\\[\\]]", "").split(","))
          .mapToDouble(Double::parseDouble)
          .toArray();
    } catch (NumberFormatException e) {
      throw ThalwegException.usage("'%s' takes numbers between commas, got '%s'.", option, text);
    }
  }

  /** Rows that are taken to be without errors. */
  static NoisyRows exact(Rows rows, Standardiser standardiser, Schema schema) {
    Noise none = new Noise.Diagonal(Matrix.zeros(1, schema.features().size()));
    return NoisyRows.of(rows, none, schema, standardiser, Soundness.SEMI_DEFINITE, Repair.REFUSE);
  }

  /** Whether each row brings its own. */
  boolean fromColumns() {
    return common.isEmpty();
  }

  /**
   * Rows with their errors, standardised. Those that are not sound say why.
   *
   * @throws ThalwegException exit code 2 where rows that should bring their errors have none
   */
  NoisyRows of(Rows rows, Standardiser standardiser) {
    Noise noise = common.orElse(rows.noise());
    if (noise instanceof Noise.None) {
      throw ThalwegException.usage(
          "These rows have no errors, and the model takes them from columns: %s. Give a table with "
              + "these columns, or ask for the density 'latent', which is that of noise-free rows.",
          schema.columns().stream()
              .filter(c -> c.role() == Role.NOISE_SD || c.role() == Role.NOISE_COV)
              .map(Column::name)
              .collect(Collectors.joining(", ")));
    }
    return NoisyRows.of(
        rows, standardiser.noise(noise, schema), schema, standardiser, needed, repair);
  }
}
