/** Deconvolution against known densities, the paper's tables, and each other. */
package org.thalweg.bench.deconvolution;
