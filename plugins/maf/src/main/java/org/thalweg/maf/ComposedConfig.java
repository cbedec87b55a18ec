package org.thalweg.maf;

import java.util.List;
import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.ThalwegException;

/** The options of {@link ComposedProvider}. */
public record ComposedConfig(
    @Option("transforms from the data to the noise") List<Choice> transforms,
    @Option(value = "how often the transforms follow each other", min = 1, max = 1000) int repeat,
    @Option("the density that data is mapped to: a registered density") Choice base) {

  /** Both halves of the columns in turn. */
  public static final ComposedConfig DEFAULT =
      new ComposedConfig(
          List.of(Choice.of("actnorm"), Choice.of("lu-linear"), Choice.of("coupling")),
          5,
          Choice.of("standard-normal"));

  /** Refuses an empty list. */
  public ComposedConfig {
    transforms = List.copyOf(transforms);
    if (transforms.isEmpty()) {
      throw ThalwegException.usage("transforms must name at least one transform.");
    }
  }
}
