/**
 * Whether a posterior deserves trust: checks that need only draws, each a number with its
 * threshold, the data of a picture, and a sentence.
 */
package org.thalweg.sbi.calibration;
