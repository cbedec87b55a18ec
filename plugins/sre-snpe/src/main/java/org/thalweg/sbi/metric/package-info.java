/** How far draws are from a reference: classifiers, kernels, distances. */
package org.thalweg.sbi.metric;
