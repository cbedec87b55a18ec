package com.acme.flow;

import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.tck.ModelFormatContract;

class AcmeModelFileTest extends ModelFormatContract {
  @Override
  protected Stream<Choice> subjects() {
    return Stream.of(AcmeFlowTest.shortTraining());
  }
}
