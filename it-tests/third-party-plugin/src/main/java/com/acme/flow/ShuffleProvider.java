package com.acme.flow;

import org.thalweg.api.config.Option;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;

/** Registers {@link Shuffle}. */
final class ShuffleProvider implements TransformProvider<ShuffleProvider.Config> {
  /** Its options. */
  public record Config(@Option("the seed of the order") int seed) {}

  @Override
  public String name() {
    return "shuffle";
  }

  @Override
  public String summary() {
    return "Puts the elements of an event into another, fixed order.";
  }

  @Override
  public Config defaults() {
    return new Config(1);
  }

  @Override
  public TrainableTransform create(Config config, BuildContext context) {
    return new Shuffle(context.eventSize(), config.seed());
  }
}
