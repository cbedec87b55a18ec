package org.thalweg.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code thalweg describe}. */
@Command(
    name = "describe",
    description = "Shows options with their defaults, the paper, and what a model can do.",
    mixinStandardHelpOptions = true)
public final class DescribeCommand implements Arguments<DescribeCommand> {
  @Parameters(
      paramLabel = "[KIND/]NAME",
      description = "such as nsf-ar or univariate/affine; without a kind, the estimator first")
  String name;

  @Override
  public Class<DescribeAction> action() {
    return DescribeAction.class;
  }
}
