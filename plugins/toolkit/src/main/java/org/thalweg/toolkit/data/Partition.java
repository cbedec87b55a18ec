package org.thalweg.toolkit.data;

/**
 * Which rows are used for what; every row is in one part.
 *
 * @param train indices of training rows, in ascending order
 * @param validation indices of validation rows, in ascending order
 * @param test indices of test rows, in ascending order
 */
public record Partition(int[] train, int[] validation, int[] test) {}
