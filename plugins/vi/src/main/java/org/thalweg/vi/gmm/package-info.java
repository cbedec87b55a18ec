/** The conjugate mean-field mixture of Gaussians. */
package org.thalweg.vi.gmm;
