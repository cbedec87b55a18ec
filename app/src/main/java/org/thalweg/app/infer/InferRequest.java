package org.thalweg.app.infer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be inferred.
 *
 * @param method the method's name
 * @param options options that differ from its defaults, by key
 * @param problem what it is asked
 * @param rounds how often the proposal is refined, if the user says so
 * @param simulations the budget over all rounds, if the user says so
 * @param draws the number of draws to write
 * @param timeLimit when to stop and keep what there is
 * @param out the directory of all results
 * @param resume whether to go on from the checkpoint in it
 */
public record InferRequest(
    String method,
    Map<String, Object> options,
    ProblemRequest problem,
    OptionalInt rounds,
    OptionalInt simulations,
    int draws,
    Optional<Duration> timeLimit,
    Path out,
    boolean resume) {}
