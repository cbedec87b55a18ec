/**
 * Simulators with their priors, by name: the tasks of the benchmark of Lueckmann et al. (2021), the
 * problems of the thesis's chapter 6, and any external program.
 */
package org.thalweg.sbi.simulator;
