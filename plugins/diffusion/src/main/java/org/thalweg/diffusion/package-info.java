/**
 * Score-based diffusion: data is turned into noise by a stochastic differential equation, and a net
 * learns to undo it (Song and others, 2021, "Maximum Likelihood Training of Score-Based Diffusion
 * Models"; Durkan 2023, chapter 5).
 */
package org.thalweg.diffusion;
