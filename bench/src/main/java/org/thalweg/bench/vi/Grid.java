package org.thalweg.bench.vi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thalweg.bench.vi.Cell.Table;

/** All trainings, in the order in which they are run. */
final class Grid {
  private static final Map<String, Object> PLAIN = Map.of();

  private static final List<String> TOYS =
      List.of(
          "multimodal-1d",
          "gaussian-mixture",
          "gaussian-mixture-symmetric",
          "banana",
          "circle",
          "energy-1",
          "energy-2",
          "energy-3",
          "energy-4");

  /** Posteriors of tier 1: the first of the collection's list that are no schools. */
  private static final int FIRST = 5;

  /** Annealing and two starts: modes far apart are lost otherwise. */
  private static final Map<String, Object> MODES =
      Map.of("annealing", 0.5, "restarts", 2, "steps", 2000);

  private Grid() {}

  static List<Cell> all() {
    List<Cell> out = new ArrayList<>();
    for (int tier = 1; tier <= 2; tier++) {
      // What is cheap first: a run that is stopped has the most rows then.
      out.addAll(both("mean-field", "advi", tier));
      out.addAll(both("flow", "vi-flow", tier));
      out.addAll(both("planar K=16", "vi-planar", tier));
    }
    int number = 0;
    for (PosteriorDb.Entry entry : PosteriorDb.all()) {
      int tier = number++ < FIRST ? 1 : 2;
      String target = entry.target();
      out.add(new Cell(Table.POSTERIORDB, target, "mean-field", "advi", PLAIN, 1, tier));
      Map<String, Object> full = Map.of("covariance", "full-rank");
      out.add(new Cell(Table.POSTERIORDB, target, "full-rank", "advi", full, 1, tier));
      Map<String, Object> flow = target.contains("schools") ? PLAIN : Map.of("axes", "sheared");
      out.add(new Cell(Table.POSTERIORDB, target, "flow", "vi-flow", flow, 1, tier));
    }
    for (String target : TOYS) {
      out.add(new Cell(Table.TOYS, target, "flow", "vi-flow", MODES, 1, 1));
      out.add(new Cell(Table.TOYS, target, "planar K=32", "vi-planar", with(MODES, 32), 1, 1));
    }
    out.addAll(paper());
    return out;
  }

  /** Both forms of eight schools: two trainings in tier 1, three more in tier 2. */
  private static List<Cell> both(String label, String method, int tier) {
    List<Cell> out = new ArrayList<>();
    for (long seed = tier == 1 ? 1 : 3; seed <= (tier == 1 ? 2 : 5); seed++) {
      for (String form : List.of("noncentered", "centered")) {
        out.add(schools("eight-schools-" + form, label, method, PLAIN, seed, tier));
      }
    }
    return out;
  }

  /** Tables II to V, with as many layers as the paper has; steps and draws are our defaults. */
  private static List<Cell> paper() {
    List<Cell> out = new ArrayList<>();
    for (long seed = 1; seed <= 5; seed++) {
      for (String form : List.of("centered", "noncentered")) {
        String paper = "eight-schools-paper-" + form;
        out.add(schools(paper, "mean-field", "advi", PLAIN, seed, 2));
        out.add(schools(paper, "flow", "vi-flow", PLAIN, seed, 2));
        out.add(schools(paper, "planar K=64", "vi-planar", with(PLAIN, 64), seed, 2));
        String one = "one-school-" + form;
        out.add(schools(one, "planar K=64", "vi-planar", with(PLAIN, 64), seed, 2));
      }
      for (int layers : new int[] {10, 20, 30, 40, 60, 80, 128}) {
        String label = "planar K=" + layers;
        String two = "two-schools-paper-centered";
        out.add(schools(two, label, "vi-planar", with(PLAIN, layers), seed, 2));
      }
    }
    return out;
  }

  private static Map<String, Object> with(Map<String, Object> options, int layers) {
    Map<String, Object> out = new TreeMap<>(options);
    out.put("layers", layers);
    return out;
  }

  private static Cell schools(
      String target,
      String label,
      String method,
      Map<String, Object> options,
      long seed,
      int tier) {
    return new Cell(Table.SCHOOLS, target, label, method, options, seed, tier);
  }
}
