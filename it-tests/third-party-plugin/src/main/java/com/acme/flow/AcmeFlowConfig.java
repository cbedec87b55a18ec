package com.acme.flow;

import org.thalweg.api.config.Choice;
import org.thalweg.api.config.Option;

/** The options of the flow. */
public record AcmeFlowConfig(
    @Option("the seeds of the layers' orders in hexadecimal, two digits a layer") String orders,
    @Option("the transform of a layer") Choice transform) {}
