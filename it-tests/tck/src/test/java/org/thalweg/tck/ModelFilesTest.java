package org.thalweg.tck;

import java.util.stream.Stream;
import org.thalweg.api.config.Choice;

class ModelFilesTest extends ModelFormatContract {
  @Override
  protected Stream<Choice> subjects() {
    return ShortTraining.estimators();
  }
}
