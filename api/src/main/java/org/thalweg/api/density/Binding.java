package org.thalweg.api.density;

import org.thalweg.api.engine.Tape;
import org.thalweg.api.random.Seed;

/**
 * One use of trainable parts: on which tape, for what, with which randomness.
 *
 * @param tape what records the computation
 * @param mode whether parts such as dropout behave as in training
 * @param seed the origin of what is random inside, such as dropout masks
 */
public record Binding(Tape tape, Mode mode, Seed seed) {
  /** For what. */
  public enum Mode {
    /** Dropout is on. */
    TRAIN,
    /**
     * One batch, before training: parts that start from the statistics of their input write their
     * parameters when it passes through.
     */
    INITIALISE,
    /**
     * One batch of training rows, before every judgement: parts that keep statistics of their input
     * write them when it passes through.
     */
    STATISTICS,
    /** Nothing inside is random. */
    EVALUATE
  }

  /** A binding for evaluation, where nothing inside is random. */
  public static Binding evaluate(Tape tape) {
    return new Binding(tape, Mode.EVALUATE, new Seed(0));
  }

  /** The same with the randomness of a named part. */
  public Binding child(String name) {
    return new Binding(tape, mode, seed.child(name));
  }
}
