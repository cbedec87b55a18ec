package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;

/**
 * Where a batch was mapped to.
 *
 * @param value {@code [N, event]}
 * @param logAbsDet {@code [N]}: the logarithm of the absolute value of the Jacobian determinant of
 *     the direction that was taken, in nats
 */
public record Mapped(NDArray value, NDArray logAbsDet) {}
