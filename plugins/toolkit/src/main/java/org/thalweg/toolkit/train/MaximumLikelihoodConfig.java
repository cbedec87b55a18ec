package org.thalweg.toolkit.train;

/**
 * The options of a density that is trained by maximum likelihood.
 *
 * @param training how it is trained
 * @param density the options of the density
 */
public record MaximumLikelihoodConfig(Training training, Record density) {}
