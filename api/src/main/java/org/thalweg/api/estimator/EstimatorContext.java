package org.thalweg.api.estimator;

import org.thalweg.api.engine.Engine;
import org.thalweg.api.plugin.Registry;

/**
 * What an estimator works with.
 *
 * @param engine where it computes
 * @param registry where it asks for parts by name
 */
public record EstimatorContext(Engine engine, Registry registry) {}
