package org.thalweg.tck;

import java.util.Map;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;

class UnivariatesTest extends UnivariateContract {
  /** As they come, and the splines with each of their other ends. */
  @Override
  protected Stream<Choice> subjects() {
    return Stream.concat(
        Installed.all(Registry.Kind.UNIVARIATE),
        Stream.of(
            with("linear-spline", "bounded"),
            with("quadratic-spline", "bounded"),
            with("cubic-spline", "bounded"),
            with("rational-quadratic", "bounded"),
            with("rational-quadratic", "circular")));
  }

  private static Choice with(String name, String ends) {
    return new Choice(name, Map.of("ends", ends));
  }
}
