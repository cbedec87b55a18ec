package org.thalweg.app.infer;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The problem, as a user names it.
 *
 * @param simulator the simulator's name
 * @param observation the table with what was observed
 * @param target the target's name
 * @param data the JSON file with the values that the target conditions on
 * @param options options of the simulator or the target that differ from its defaults, by key
 */
public record ProblemRequest(
    Optional<String> simulator,
    Optional<Path> observation,
    Optional<String> target,
    Optional<Path> data,
    Map<String, Object> options) {}
