package org.thalweg.sbi.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.thalweg.api.config.Option;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.inference.SimulatorProvider.Simulation;
import org.thalweg.toolkit.infer.IndependentPrior;
import org.thalweg.toolkit.infer.Marginal;

/**
 * Options of {@link ProcessSimulator}.
 *
 * @param command the program
 * @param prior the prior
 * @param observations the names of the data
 * @param timeOut in seconds
 * @param batch simulations a run
 */
public record ProcessOptions(
    @Option("the program and its arguments; quotes keep an argument with spaces together")
        String command,
    @Option(
            "the parameters with their distributions, such as 'a ~ uniform(-1, 1), b ~ normal(0, 2),"
                + " c ~ log-normal(-1, 0.5)'")
        String prior,
    @Option("the names of the data, separated by commas") String observations,
    @Option(value = "how long one run of the program may take, in seconds", min = 1e-3)
        double timeOut,
    @Option(
            value =
                "how many simulations one run of the program is given, and has time-out for: more"
                    + " than 1 for a program that takes longer to start than to simulate",
            min = 1)
        int batch) {
  static final ProcessOptions DEFAULTS = new ProcessOptions("", "", "", 60, 1);

  private static final Pattern TERM =
      Pattern.compile("\\s*([^~(),\\s]+)\\s*~\\s*([a-z-]+)\\s*\\(([^()]*)\\)\\s*(?:,|$)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
  private static final List<String> FAMILIES = List.of("uniform", "normal", "log-normal");

  Simulation simulation() {
    if (command.isBlank() || prior.isBlank() || observations.isBlank()) {
      throw ThalwegException.usage(
          "The simulator 'process' needs the options command, prior and observations; got '%s', '%s'"
              + " and '%s'.",
          command, prior, observations);
    }
    IndependentPrior parsed = parsePrior();
    List<String> names = Arrays.stream(observations.split(",")).map(String::trim).toList();
    return new Simulation(
        parsed,
        new ProcessSimulator(
            words(), parsed.names(), names, Duration.ofMillis(Math.round(timeOut * 1000)), batch),
        names);
  }

  private List<String> words() {
    return WORD.matcher(command)
        .results()
        .map(m -> m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3))
        .toList();
  }

  private IndependentPrior parsePrior() {
    List<String> names = new ArrayList<>();
    List<Marginal> marginals = new ArrayList<>();
    Matcher matcher = TERM.matcher(prior);
    int end = 0;
    while (end < prior.length() && matcher.find(end) && matcher.start() == end) {
      names.add(matcher.group(1));
      marginals.add(marginal(matcher.group(2), matcher.group(3)));
      end = matcher.end();
    }
    if (end < prior.length()) {
      throw ThalwegException.usage(
          "The prior '%s' cannot be read from '%s' on. It is a list such as 'a ~ uniform(-1, 1), b ~"
              + " normal(0, 2)'.",
          prior, prior.substring(end).trim());
    }
    return new IndependentPrior(names, marginals);
  }

  private static Marginal marginal(String family, String arguments) {
    if (!FAMILIES.contains(family)) {
      throw Names.unknown("distribution of a prior", family, FAMILIES);
    }
    double[] values;
    try {
      values = Arrays.stream(arguments.split(",")).mapToDouble(Double::parseDouble).toArray();
    } catch (NumberFormatException e) {
      values = new double[0];
    }
    if (values.length != 2) {
      throw ThalwegException.usage("%s takes two numbers, got '%s'.", family, arguments.trim());
    }
    return switch (family) {
      case "uniform" -> new Marginal.Uniform(values[0], values[1]);
      case "normal" -> new Marginal.Normal(values[0], values[1]);
      default -> new Marginal.LogNormal(values[0], values[1]);
    };
  }
}
