package org.thalweg.app.report;

import org.thalweg.api.data.Rows;

/**
 * The rows that a report holds a model against.
 *
 * @param table the table they are from
 * @param part which rows of it, in a word
 * @param mayIncludeTrainingRows whether agreement may flatter the model
 * @param tableRows rows of the table
 * @param refused rows of the table that cannot be used
 * @param rows at least one usable row, in random order, rounded columns spread as in training
 */
public record Evidence(
    String table,
    String part,
    boolean mayIncludeTrainingRows,
    long tableRows,
    long refused,
    Rows rows) {}
