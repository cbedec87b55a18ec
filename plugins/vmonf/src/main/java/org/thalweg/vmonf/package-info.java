/** Variational mixture of flows. */
package org.thalweg.vmonf;
