/**
 * Invertible maps with tractable Jacobian determinants. {@code forward} always maps data to noise.
 */
package org.thalweg.api.transform;
