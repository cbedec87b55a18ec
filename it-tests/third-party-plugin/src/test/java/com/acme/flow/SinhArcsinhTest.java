package com.acme.flow;

import java.util.stream.Stream;
import org.thalweg.api.config.Choice;
import org.thalweg.tck.UnivariateContract;

class SinhArcsinhTest extends UnivariateContract {
  @Override
  protected Stream<Choice> subjects() {
    return Stream.of(Choice.of("sinh-arcsinh"));
  }
}
