package org.thalweg.bench.vi;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;

/** Data and reference draws as posteriordb publishes them, from the directory of real data. */
final class PosteriorDb {
  /**
   * A posterior of the collection.
   *
   * @param target the name of our target
   * @param data the name of its data
   * @param draws the name of its reference draws
   */
  record Entry(String target, String data, String draws) {}

  private static final List<Entry> ALL =
      List.of(
          new Entry("kidscore-momhs", "kidiq", "kidiq-kidscore_momhs"),
          new Entry("ark", "arK", "arK-arK"),
          new Entry("garch11", "garch", "garch-garch11"),
          new Entry(
              "low-dim-gauss-mix", "low_dim_gauss_mix", "low_dim_gauss_mix-low_dim_gauss_mix"),
          new Entry("earn-height", "earnings", "earnings-earn_height"),
          new Entry("logearn-height", "earnings", "earnings-logearn_height"),
          new Entry("kidscore-momhsiq", "kidiq", "kidiq-kidscore_momhsiq"),
          new Entry("kidscore-momiq", "kidiq", "kidiq-kidscore_momiq"),
          new Entry("blr", "sblrc", "sblrc-blr"),
          new Entry("hmm-example", "hmm_example", "hmm_example-hmm_example"),
          new Entry("gp-pois-regr", "gp_pois_regr", "gp_pois_regr-gp_pois_regr"),
          new Entry(
              "eight-schools-centered", "eight_schools", "eight_schools-eight_schools_noncentered"),
          new Entry(
              "eight-schools-noncentered",
              "eight_schools",
              "eight_schools-eight_schools_noncentered"));

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PosteriorDb() {}

  static List<Entry> all() {
    return ALL;
  }

  private static Path root() {
    String named = System.getenv("THALWEG_DATA");
    Path data = Path.of(named == null ? "../shared/data" : named);
    return data.resolve("posteriordb");
  }

  static Map<String, Object> data(String name) {
    JsonNode node = read(root().resolve("data/data/" + name + ".json.zip"));
    return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }

  /** The reference draws of every parameter, all chains one after another. */
  static Map<String, double[]> draws(String name) {
    JsonNode chains = read(root().resolve("draws/draws/" + name + ".json.zip"));
    Map<String, List<Double>> lists = new LinkedHashMap<>();
    for (JsonNode chain : chains) {
      for (Map.Entry<String, JsonNode> field : chain.properties()) {
        List<Double> list = lists.computeIfAbsent(field.getKey(), key -> new ArrayList<>());
        field.getValue().forEach(number -> list.add(number.asDouble()));
      }
    }
    Map<String, double[]> out = new LinkedHashMap<>();
    lists.forEach(
        (key, list) -> out.put(key, list.stream().mapToDouble(Double::doubleValue).toArray()));
    return out;
  }

  private static JsonNode read(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return MAPPER.readTree(zip.getInputStream(zip.entries().nextElement()));
    } catch (IOException e) {
      throw new UncheckedIOException("Set THALWEG_DATA to the directory of real data.", e);
    }
  }
}
