package org.thalweg.app.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.thalweg.api.data.Column;
import org.thalweg.api.data.Kind;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;

/**
 * Which columns of a table are what.
 *
 * <p>Features are the columns that the user lists; without a list, those that are neither contexts
 * nor declared to be something else. Contexts keep the order in which they were listed.
 *
 * @param features the features, if the user lists them
 * @param contexts the contexts that the user lists
 * @param declared what a schema file says about columns
 */
public record Columns(
    Optional<List<String>> features, List<String> contexts, Map<String, Declaration> declared) {
  /** More features are refused: a network over them would not be what the user wants. */
  public static final int MOST_FEATURES = 4096;

  /**
   * What a schema file says about a column.
   *
   * @param role its role, if it says one
   * @param kind its kind
   * @param resolution its resolution, if it says one
   */
  public record Declaration(Optional<Role> role, Kind kind, OptionalDouble resolution) {
    static final Declaration NOTHING =
        new Declaration(Optional.empty(), Kind.REAL, OptionalDouble.empty());
  }

  /**
   * The columns of a table that are used, in order: features, contexts, the rest. Labels are among
   * them where the estimator has a use for them.
   *
   * @param roles the roles that the estimator makes use of
   * @throws ThalwegException exit code 2 for a missing column, quoting the nearest, a column that
   *     is not numeric or not of the kind it is declared to be, quoting the first such value, and
   *     too many features
   */
  public Schema of(Table table, Set<Role> roles) {
    features.ifPresent(names -> requireListed(table, names, "--columns"));
    requireListed(table, contexts, "--context");
    declared.keySet().forEach(table::column);
    List<Column> used = new ArrayList<>();
    for (String name : order(table)) {
      Role role = role(name);
      boolean unused = role == Role.LABEL && !roles.contains(Role.LABEL);
      if (role != Role.IGNORE && !unused) {
        Declaration says = declared.getOrDefault(name, Declaration.NOTHING);
        used.add(new Column(name, role, kind(table, name, role, says), says.resolution()));
      }
    }
    List<Column> ordered = new ArrayList<>();
    for (Role role : Role.values()) {
      used.stream().filter(column -> column.role() == role).forEach(ordered::add);
    }
    long count = used.stream().filter(column -> column.role() == Role.FEATURE).count();
    if (count > MOST_FEATURES) {
      throw ThalwegException.usage(
          "%s would have %d features; at most %d are modelled together. Choose some with --columns.",
          table.label(), count, MOST_FEATURES);
    }
    Schema schema = new Schema(ordered);
    Numbers.require(table, schema);
    Labels.require(table, schema);
    Declared.require(table, schema);
    return schema;
  }

  /** Labels are classes: those that are declared, or those that there are. */
  private static Kind kind(Table table, String name, Role role, Declaration says) {
    boolean classes = says.kind() instanceof Kind.Classes;
    if (classes && role != Role.LABEL) {
      throw ThalwegException.usage(
          "Column '%s' is of kind classes in the schema file, which is for the role label; its role"
              + " is %s.",
          name, label(role));
    }
    return role == Role.LABEL && !classes ? Labels.classes(table, name) : says.kind();
  }

  private Set<String> order(Table table) {
    Set<String> names = new LinkedHashSet<>();
    features.ifPresent(names::addAll);
    names.addAll(contexts);
    names.addAll(table.names());
    return names;
  }

  private Role role(String name) {
    Optional<Role> says =
        Optional.ofNullable(declared.get(name)).flatMap(declaration -> declaration.role());
    Optional<Role> listed =
        contexts.contains(name)
            ? Optional.of(Role.CONTEXT)
            : features.filter(f -> f.contains(name)).map(f -> Role.FEATURE);
    if (listed.isPresent() && says.isPresent() && !listed.equals(says)) {
      throw ThalwegException.usage(
          "Column '%s' is a %s on the command line and a %s in the schema file. Say it once.",
          name, label(listed.get()), label(says.get()));
    }
    if (listed.isPresent()) {
      return listed.get();
    }
    // A list of features is complete; only columns that serve otherwise stay beside it.
    return features.isPresent()
        ? says.filter(role -> role != Role.FEATURE).orElse(Role.IGNORE)
        : says.orElse(Role.FEATURE);
  }

  private void requireListed(Table table, List<String> names, String option) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      table.column(name);
      if (!seen.add(name)) {
        throw ThalwegException.usage("%s names column '%s' twice.", option, name);
      }
    }
    if (option.equals("--columns") && contexts.stream().anyMatch(seen::contains)) {
      throw ThalwegException.usage(
          "A column cannot be in --columns and in --context: '%s'.",
          contexts.stream().filter(seen::contains).findFirst().orElseThrow());
    }
  }

  private static String label(Role role) {
    return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
