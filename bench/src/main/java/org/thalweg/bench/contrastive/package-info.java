/**
 * The experiments of Durkan, Murray and Papamakarios (2020): ratio against posterior estimation,
 * the size of the contrasting set, leakage, and the likelihood beside them.
 */
package org.thalweg.bench.contrastive;
