package org.thalweg.tck;

import java.util.Map;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

class TransformsTest extends TransformContract {
  private static final String UNIVARIATE = "univariate";

  /** A family over an interval, which goes between a sigmoid and its inverse. */
  private static final Map<String, Object> SQUASHED =
      Map.of(UNIVARIATE, "quadratic-spline", UNIVARIATE + ".ends", "bounded");

  private static final String FAST = "fast";

  /**
   * Those that are built over a univariate family are tried over each, and those with a fast
   * direction in both.
   */
  @Override
  protected Stream<Choice> subjects() {
    Registry registry = Installed.registry();
    return registry.all(Registry.Kind.TRANSFORM).keySet().stream()
        .flatMap(
            name -> {
              var options = ConfigBinder.flatten(registry.transform(name).defaults());
              if (options.containsKey(UNIVARIATE)) {
                return Stream.concat(
                    registry.all(Registry.Kind.UNIVARIATE).keySet().stream()
                        .map(family -> new Choice(name, Map.of(UNIVARIATE, family))),
                    Stream.of(new Choice(name, SQUASHED)));
              }
              return options.containsKey(FAST)
                  ? Stream.of("density", "sampling")
                      .map(direction -> new Choice(name, Map.of(FAST, direction)))
                  : Stream.of(Choice.of(name));
            });
  }
}
