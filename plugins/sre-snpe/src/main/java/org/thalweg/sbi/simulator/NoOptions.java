package org.thalweg.sbi.simulator;

/** Of a simulator that is fully defined by its source. */
public record NoOptions() {}
