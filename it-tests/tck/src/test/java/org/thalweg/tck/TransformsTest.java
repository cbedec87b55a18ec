package org.thalweg.tck;

import java.util.Map;
import java.util.TreeMap;
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

  /** Two channels of two pixels: what an image transform is told of the contract's events. */
  private static final Map<String, Object> IMAGE = Map.of("height", 2, "width", 1);

  /**
   * Those that are built over a univariate family are tried over each, those with a fast direction
   * in both, and those of images over small ones.
   */
  @Override
  protected Stream<Choice> subjects() {
    Registry registry = Installed.registry();
    return registry.all(Registry.Kind.TRANSFORM).keySet().stream()
        .flatMap(
            name -> {
              Map<String, Object> known = ConfigBinder.flatten(registry.transform(name).defaults());
              Map<String, Object> image = new TreeMap<>(IMAGE);
              image.keySet().retainAll(known.keySet());
              if (known.containsKey(UNIVARIATE)) {
                Map<String, Object> squashed = new TreeMap<>(image);
                squashed.putAll(SQUASHED);
                return Stream.concat(
                    registry.all(Registry.Kind.UNIVARIATE).keySet().stream()
                        .map(family -> new Choice(name, with(image, UNIVARIATE, family))),
                    Stream.of(new Choice(name, squashed)));
              }
              return known.containsKey(FAST)
                  ? Stream.of("density", "sampling")
                      .map(direction -> new Choice(name, with(image, FAST, direction)))
                  : Stream.of(new Choice(name, image));
            });
  }

  private static Map<String, Object> with(Map<String, Object> options, String key, String value) {
    Map<String, Object> out = new TreeMap<>(options);
    out.put(key, value);
    return out;
  }
}
