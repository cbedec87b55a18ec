package org.thalweg.tck;

import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.api.plugin.Registry;

class TransformsTest extends TransformContract {
  @Override
  protected Stream<Choice> subjects() {
    return Installed.all(Registry.Kind.TRANSFORM);
  }
}
