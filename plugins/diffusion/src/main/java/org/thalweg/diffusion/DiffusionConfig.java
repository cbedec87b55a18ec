package org.thalweg.diffusion;

import org.thalweg.api.config.Option;
import org.thalweg.toolkit.nn.ImageShape;
import org.thalweg.toolkit.train.Training;

/** The options of {@link DiffusionProvider}. */
public record DiffusionConfig(
    Training training,
    @Option(
            value =
                "what the moving average of the weights keeps of itself in a step; 0: no average",
            min = 0,
            max = 0.999999)
        double average,
    @Option("how times are weighted and drawn in training") Weighting weighting,
    SdeConfig diffusion,
    ScoreNetConfig net,
    ImageShape image,
    @Option(value = "scales of an image's net; each halves both sides", min = 1, max = 8)
        int scales,
    @Option("what the columns of an image hold") Preprocess preprocess,
    @Option(value = "bits of a pixel: its values are 0 to 2^bits - 1", min = 1, max = 16) int bits,
    ScoringConfig scoring,
    SamplingConfig sampling,
    DequantisationConfig dequantisation) {
  /** The most columns for which the divergence is exact unless an option says otherwise. */
  static final int MOST_AXES = 16;

  /** What the columns of an image hold. */
  public enum Preprocess {
    /** Whole pixel values, spread over the unit step about them, on one scale. */
    PIXELS,
    /** Any numbers, each column standardised by itself. */
    STANDARDISE
  }

  /** Importance weighting, and a net that a table of a few thousand rows can train. */
  static final DiffusionConfig DEFAULT =
      new DiffusionConfig(
          new Training(500, 0, 256, 1e-3, Training.Schedule.COSINE, 50, 0, 20, 0, 10),
          0.999,
          Weighting.IMPORTANCE,
          SdeConfig.DEFAULT,
          ScoreNetConfig.DEFAULT,
          ImageShape.UNDECLARED,
          2,
          Preprocess.PIXELS,
          8,
          ScoringConfig.DEFAULT,
          SamplingConfig.DEFAULT,
          DequantisationConfig.DEFAULT);

  /** Whether the columns are whole pixel values of an image. */
  boolean pixels() {
    return image.declared() && preprocess == Preprocess.PIXELS;
  }
}
