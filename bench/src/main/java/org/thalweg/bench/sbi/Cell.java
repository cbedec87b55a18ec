package org.thalweg.bench.sbi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One inference of the benchmark.
 *
 * @param task as the benchmark writes it
 * @param method as it is called here
 * @param simulations over all rounds
 * @param observation 1 to 5
 */
record Cell(String task, String method, int simulations, int observation) {
  /** What a method of ours is called among the published results. */
  static final Map<String, String> PUBLISHED =
      new TreeMap<>(
          Map.of(
              "npe", "NPE", "snpe-c", "SNPE", "nle", "NLE", "snl", "SNLE", "nre", "NRE", "sre",
              "SNRE"));

  static final List<String> METHODS = List.of("npe", "snpe-c", "nle", "snl", "nre", "sre");

  static final List<String> TASKS =
      List.of(
          "gaussian_linear",
          "gaussian_linear_uniform",
          "gaussian_mixture",
          "two_moons",
          "slcp",
          "slcp_distractors",
          "bernoulli_glm",
          "bernoulli_glm_raw",
          "sir",
          "lotka_volterra");

  /** The number of rounds that the benchmark gives sequential methods. */
  private static final int ROUNDS = 10;

  String key() {
    return "%s,%s,%d,%d".formatted(task, method, simulations, observation);
  }

  int rounds() {
    return method.equals("snpe-c") || method.equals("snl") || method.equals("sre") ? ROUNDS : 1;
  }

  String simulator() {
    return task.replace('_', '-');
  }

  /** How many numbers a draw has. */
  int parameters() {
    return switch (task) {
      case "gaussian_mixture", "two_moons", "sir" -> 2;
      case "lotka_volterra" -> 4;
      case "slcp", "slcp_distractors" -> 5;
      default -> 10;
    };
  }

  /** The required ones: an hour on two cores. */
  static List<Cell> required() {
    List<Cell> out = new ArrayList<>();
    for (int observation = 1; observation <= 2; observation++) {
      for (String method : METHODS) {
        for (String task : List.of("two_moons", "slcp", "gaussian_linear")) {
          out.add(new Cell(task, method, 1000, observation));
        }
      }
    }
    for (int observation = 1; observation <= 2; observation++) {
      for (String method : METHODS) {
        out.add(new Cell("two_moons", method, 10_000, observation));
      }
    }
    return out;
  }

  /** The whole grid, the required ones first. */
  static List<Cell> all() {
    List<Cell> out = new ArrayList<>(required());
    for (int observation = 1; observation <= 5; observation++) {
      for (String task : TASKS) {
        for (String method : METHODS) {
          addNew(out, new Cell(task, method, 1000, observation));
        }
      }
    }
    for (int observation = 1; observation <= 2; observation++) {
      for (String task :
          List.of("two_moons", "gaussian_mixture", "slcp", "bernoulli_glm", "lotka_volterra")) {
        for (String method : METHODS) {
          addNew(out, new Cell(task, method, 10_000, observation));
        }
      }
      for (String task : List.of("two_moons", "slcp")) {
        addNew(out, new Cell(task, "npe", 100_000, observation));
      }
    }
    return out;
  }

  private static void addNew(List<Cell> cells, Cell cell) {
    if (!cells.contains(cell)) {
      cells.add(cell);
    }
  }
}
