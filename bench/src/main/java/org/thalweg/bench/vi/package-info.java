/** Variational inference measured: known evidences, reference posteriors, known densities. */
package org.thalweg.bench.vi;
