/** Parameters, the optimiser, the training loop, and the estimators that are made of them. */
package org.thalweg.toolkit.train;
