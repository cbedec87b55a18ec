/** Flows on manifolds against truths that are known, and what their densities cost. */
package org.thalweg.bench.dnf;
