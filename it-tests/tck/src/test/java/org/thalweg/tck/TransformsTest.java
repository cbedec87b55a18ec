package org.thalweg.tck;

import java.util.Map;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;

class TransformsTest extends TransformContract {
  private static final String UNIVARIATE = "univariate";

  /** Those that are built over a univariate family are tried over each. */
  @Override
  protected Stream<Choice> subjects() {
    Registry registry = Installed.registry();
    return registry.all(Registry.Kind.TRANSFORM).keySet().stream()
        .flatMap(
            name ->
                ConfigBinder.flatten(registry.transform(name).defaults()).containsKey(UNIVARIATE)
                    ? registry.all(Registry.Kind.UNIVARIATE).keySet().stream()
                        .map(family -> new Choice(name, Map.of(UNIVARIATE, family)))
                    : Stream.of(Choice.of(name)));
  }
}
