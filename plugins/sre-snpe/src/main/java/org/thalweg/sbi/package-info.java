/** Simulation-based inference. */
package org.thalweg.sbi;
