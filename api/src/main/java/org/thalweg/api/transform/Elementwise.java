package org.thalweg.api.transform;

import ai.djl.ndarray.NDArray;

/**
 * Where each element was mapped to.
 *
 * @param value {@code [N, D]}
 * @param logDerivative {@code [N, D]}: log |d value / d argument|, in nats
 */
public record Elementwise(NDArray value, NDArray logDerivative) {}
