/**
 * Draws from densities that are known up to a constant: many chains at once, so that one evaluation
 * of a net serves all of them.
 */
package org.thalweg.sbi.sampler;
