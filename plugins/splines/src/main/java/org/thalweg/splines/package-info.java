/** Monotonic splines with linear tails, as univariate families for flows. */
package org.thalweg.splines;
