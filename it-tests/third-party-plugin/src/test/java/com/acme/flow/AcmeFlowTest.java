package com.acme.flow;

import java.util.Map;
import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.tck.EstimatorContract;

class AcmeFlowTest extends EstimatorContract {
  @Override
  protected Stream<Choice> subjects() {
    return Stream.of(shortTraining());
  }

  static Choice shortTraining() {
    return new Choice(
        "acme-flow",
        Map.of("epochs", 15, "batch-size", 100, "learning-rate", 5e-3, "transform.hidden", 32));
  }
}
