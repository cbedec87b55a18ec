package org.thalweg.app.command;

/** Which rows are judged. */
enum Part {
  train,
  validation,
  test,
  all;

  /** Whether the figure may flatter the model. Of another table nobody knows, and it is all. */
  boolean mayIncludeTrainingRows() {
    return this == train || this == all;
  }
}
