/** Density deconvolution. */
package org.thalweg.deconvolution;
