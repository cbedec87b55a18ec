package org.thalweg.api.inference;

import java.time.Duration;
import java.util.Optional;
import org.thalweg.api.estimator.Checkpoints;
import org.thalweg.api.random.Seed;

/**
 * What every inference takes, whichever method.
 *
 * @param seed the origin of all randomness
 * @param rounds how many times the proposal is refined; 1 for amortised methods
 * @param simulations the budget over all rounds, 0 where nothing is simulated
 * @param timeLimit when to stop and keep what there is
 * @param checkpoints where state is kept between and within rounds
 */
public record InferenceOptions(
    Seed seed,
    int rounds,
    int simulations,
    Optional<Duration> timeLimit,
    Checkpoints checkpoints) {}
