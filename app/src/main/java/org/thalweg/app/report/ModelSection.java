package org.thalweg.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.config.ConfigBinder;
import org.thalweg.toolkit.config.OptionInfo;
import org.thalweg.toolkit.infer.PosteriorModel;

/** What the model is: what made it, what it is composed of, its columns. */
final class ModelSection {
  private ModelSection() {}

  static void write(Page page, Subject subject) {
    Model model = subject.model();
    Registry.Kind kind =
        model instanceof PosteriorModel ? Registry.Kind.METHOD : Registry.Kind.ESTIMATOR;
    Registry.Entry entry = subject.registry().entry(kind, model.card().estimator());
    page.heading("What the model is");
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of(kind.label(), entry.provider().name() + ": " + entry.provider().summary()));
    if (!entry.provider().paper().isEmpty()) {
      lines.add(List.of("paper", entry.provider().paper()));
    }
    lines.add(List.of("plugin", entry.origin().toString()));
    Double parameters = model.card().metrics().get("parameters");
    if (parameters != null) {
      lines.add(List.of("parameters", Figures.count(parameters.longValue())));
    }
    lines.add(List.of("offers", offers(model)));
    if (model instanceof LogDensity densities) {
      densities.densities().forEach(d -> lines.add(List.of("density", density(d))));
    }
    page.table(List.of(), lines);
    page.subheading("Composition");
    page.paragraph("The options that it was made with; those that are not the default are marked.");
    page.table(List.of("option", "value", "", "what it does"), options(model, entry));
    page.subheading("Columns");
    page.table(
        List.of("column", "role", "kind", "rounded to"),
        model.schema().columns().stream().map(ModelSection::column).toList());
  }

  private static String offers(Model model) {
    return String.join(
        ", ",
        Arrays.stream(Capability.values())
            .filter(capability -> capability.type().isInstance(model))
            .map(Capability::label)
            .toList());
  }

  /** A density's name, and how it relates to the truth where the name does not say it. */
  static String density(LogDensity.Named density) {
    String relation = word(density.relation());
    String name = density.name().equals(relation) ? relation : density.name() + ", " + relation;
    return density.stochastic() ? name + ", random" : name;
  }

  private static List<List<String>> options(Model model, Registry.Entry entry) {
    Map<String, Object> values = new LinkedHashMap<>(ConfigBinder.flatten(model.card().config()));
    Map<String, Object> defaults = ConfigBinder.flatten(entry.provider().defaults());
    List<List<String>> lines = new ArrayList<>();
    for (OptionInfo info : ConfigBinder.describe(entry.provider().defaults())) {
      add(lines, info.key(), values.remove(info.key()), defaults, info.doc());
    }
    // What is left are options of parts, such as those of a univariate family.
    values.forEach((key, value) -> add(lines, key, value, defaults, ""));
    return lines;
  }

  private static void add(
      List<List<String>> lines,
      String key,
      Object value,
      Map<String, Object> defaults,
      String doc) {
    boolean usual = String.valueOf(value).equals(String.valueOf(defaults.get(key)));
    lines.add(List.of(key, String.valueOf(value), usual ? "" : "set", doc));
  }

  private static List<String> column(Column column) {
    String kind =
        column.kind() instanceof Kind.Bounded bounded
            ? "from " + Figures.number(bounded.low()) + " to " + Figures.number(bounded.high())
            : column.kind() instanceof Kind.Angle
                ? "angle, radians"
                : column.kind() instanceof Kind.IntegerValued
                    ? "integer"
                    : column.kind() instanceof Kind.Classes classes
                        ? "one of " + String.join(", ", classes.values())
                        : "real";
    String step =
        column.resolution().isPresent() ? Figures.number(column.resolution().getAsDouble()) : "";
    return List.of(column.name(), word(column.role()), kind, step);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
