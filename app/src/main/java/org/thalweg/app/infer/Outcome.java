package org.thalweg.app.infer;

import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.inference.Posterior;

/**
 * What an inference gave.
 *
 * @param card what the posterior is and where it comes from
 * @param problem what it answers
 * @param posterior the posterior, open
 * @param draws {@code [n, P]} of it
 * @param weighed whether to trust it
 * @param watch what was heard on the way
 * @param rounds how many there were to be
 * @param seconds how long it took, drawing included
 * @param engineReason why the engine was chosen
 */
record Outcome(
    ModelCard card,
    Problems.Named problem,
    Posterior posterior,
    Matrix draws,
    Weighed weighed,
    InferWatch watch,
    int rounds,
    double seconds,
    String engineReason) {}
