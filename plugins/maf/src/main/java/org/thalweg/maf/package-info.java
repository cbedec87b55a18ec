/**
 * Autoregressive and coupling transforms over any univariate family, linear transforms between
 * them, and the flows that are made of both.
 */
package org.thalweg.maf;
