package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.toolkit.nn.ImageShape;

/** The options of {@link ImageFlowProvider}. */
public record ImageFlowConfig(
    ImageShape image,
    @Option("what the columns hold, and how it is scaled") Preprocess preprocess,
    @Option(value = "bits of a pixel: its values are 0 to 2^bits - 1", min = 1, max = 16) int bits,
    @Option(value = "scales; each halves both sides of the image", min = 1, max = 16) int levels,
    @Option("the channels that go to the noise after each level but the last") FactorOut factorOut,
    @Option(value = "transforms of a level", min = 1, max = 1000) int layers,
    @Option(value = "channels of each hidden layer of a transform's net", min = 1, max = 65536)
        int hidden,
    @Option(value = "residual blocks of a transform's net", min = 0, max = 64) int blocks,
    @Option(value = "probability that a unit is dropped in training", min = 0, max = 0.95)
        double dropout,
    @Option("what each number is transformed by") Choice univariate,
    @Option("the density that data is mapped to: a registered density") Choice base) {

  /** What the columns hold, and how it is scaled. */
  public enum Preprocess {
    /** Whole pixel values, spread over [0, 2^bits) and mapped to [-1/2, 1/2] by one scale. */
    PIXELS,
    /** Whole pixel values x, spread likewise: logit(a + (1 - 2 a) x / 2^bits) with a = 0.05. */
    LOGIT,
    /** Any numbers, each column standardised by itself. */
    STANDARDISE
  }

  /** The channels that go to the noise after each level but the last. */
  public enum FactorOut {
    /** Half of them. */
    HALF,
    /** None. */
    NONE
  }

  /** The depth of the paper's nets over small images, at a size that a processor can train. */
  static final ImageFlowConfig DEFAULT =
      new ImageFlowConfig(
          ImageShape.UNDECLARED,
          Preprocess.PIXELS,
          8,
          2,
          FactorOut.HALF,
          4,
          32,
          2,
          0,
          Choice.of("rational-quadratic"),
          Choice.of("standard-normal"));
}
