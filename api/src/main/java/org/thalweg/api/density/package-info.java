/** Trainable normalised densities: what flows are to every other system. */
package org.thalweg.api.density;
