package org.thalweg.dnf;

import java.util.Arrays;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.Context;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.data.Splitter;
import org.thalweg.toolkit.train.TrainingRows;

/** Lets parts that keep statistics of their input see some training rows, the same each time. */
final class Passing {
  private static final int ROWS = 4096;

  private Passing() {}

  static void through(
      Engine engine, ManifoldNets nets, TrainingRows train, Binding.Mode mode, Seed seed) {
    Seed passed = seed.child("initialise");
    int[] rows = Arrays.stream(Splitter.shuffled(train.size(), passed)).limit(ROWS).toArray();
    TrainingRows.Batch batch = train.batch(rows, 0);
    try (Tape tape = engine.newTape(Tape.Mode.EVALUATE)) {
      Context context = batch.contexts(tape).map(Context::of).orElseGet(Context::none);
      ManifoldNets.Bound bound = nets.bind(new Binding(tape, mode, passed), context);
      bound.logCoordinates(bound.place(batch.features(tape)).u());
    }
  }
}
