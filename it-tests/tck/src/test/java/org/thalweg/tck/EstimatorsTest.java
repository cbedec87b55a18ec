package org.thalweg.tck;

import java.util.stream.Stream;
import org.thalweg.api.config.Choice;

class EstimatorsTest extends EstimatorContract {
  @Override
  protected Stream<Choice> subjects() {
    return ShortTraining.estimators();
  }

  @Override
  protected Choice ofNoisyRows(Choice subject) {
    return ShortTraining.withErrorsOfRows(subject);
  }
}
