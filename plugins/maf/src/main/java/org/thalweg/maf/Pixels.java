package org.thalweg.maf;

import java.util.List;
import java.util.OptionalDouble;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.maf.ImageFlowConfig.Preprocess;
import org.thalweg.toolkit.data.PixelValues;
import org.thalweg.toolkit.data.Standardiser;
import org.thalweg.toolkit.train.Preparation;

/**
 * Columns that are the pixels of an image: whole numbers from 0 to 2^bits - 1. In training each is
 * spread over the unit step about it, so that n bits fill an interval of length 2^n, and densities
 * are over that interval's unit: bits per dimension are then {@code -log p / (D log 2)}.
 */
final class Pixels implements Preparation<ImageFlowConfig> {
  /** Keeps the logit away from its poles (Dinh and others, 2017, section 4.1). */
  private static final double MARGIN = 0.05;

  /** Refuses values that are no pixels, and declares the columns as such. */
  @Override
  public Dataset declare(ImageFlowConfig config, Dataset data) {
    config.image().of(data.schema().features().size());
    if (config.preprocess() == Preprocess.STANDARDISE) {
      return data;
    }
    PixelValues.require(
        data,
        config.bits(),
        "Set bits, or preprocess=standardise where columns are no pixel values.");
    List<Column> columns =
        data.schema().columns().stream()
            .map(column -> column.role() == Role.FEATURE ? pixel(config, column) : column)
            .toList();
    return new Dataset(new Schema(columns), data.rows());
  }

  private static Column pixel(ImageFlowConfig config, Column column) {
    return new Column(column.name(), column.role(), kind(config), OptionalDouble.of(1));
  }

  /** With a margin m on both sides, (x + 1/2 + m) / (2^bits + 2 m) is a + (1 - 2 a) u. */
  private static Kind kind(ImageFlowConfig config) {
    if (config.preprocess() != Preprocess.LOGIT) {
      return new Kind.IntegerValued();
    }
    double values = 1 << config.bits();
    double margin = values * MARGIN / (1 - 2 * MARGIN);
    return new Kind.Bounded(-0.5 - margin, values - 0.5 + margin);
  }

  @Override
  public Standardiser standardise(ImageFlowConfig config, Dataset train) {
    return switch (config.preprocess()) {
      case STANDARDISE -> Standardiser.fit(train);
      case LOGIT -> Standardiser.common(train, 0, 1);
      case PIXELS -> {
        double values = 1 << config.bits();
        yield Standardiser.common(train, (values - 1) / 2, values);
      }
    };
  }

  /** Adds what images are compared by, in bits per dimension. */
  @Override
  public ModelCard judged(ImageFlowConfig config, ModelCard card) {
    return config.preprocess() == Preprocess.STANDARDISE
        ? card
        : PixelValues.withBitsPerDimension(card);
  }
}
