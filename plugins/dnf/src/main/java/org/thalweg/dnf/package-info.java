/** Denoising flow. */
package org.thalweg.dnf;
