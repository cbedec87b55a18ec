/** Diffusions on real tables and images: which equation, weighting and noise is worth what. */
package org.thalweg.bench.diffusion;
