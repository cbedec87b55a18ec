/** Monotonic splines as univariate families for flows. */
package org.thalweg.splines;
