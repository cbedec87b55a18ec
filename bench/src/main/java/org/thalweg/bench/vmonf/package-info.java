/** Clusterings by the variational mixture of flows, and by k-means and a Gaussian mixture. */
package org.thalweg.bench.vmonf;
