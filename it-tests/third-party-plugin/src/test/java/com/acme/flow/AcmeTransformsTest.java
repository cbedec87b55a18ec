package com.acme.flow;

import java.util.Map;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.tck.TransformContract;

class AcmeTransformsTest extends TransformContract {
  @Override
  protected Stream<Choice> subjects() {
    Map<String, Object> ours = Map.of("univariate", "sinh-arcsinh");
    return Stream.of(
        Choice.of("shuffle"), new Choice("autoregressive", ours), new Choice("coupling", ours));
  }
}
