package org.thalweg.api.plugin;

/**
 * Something with a name and options that a plugin adds to the registry.
 *
 * @param <C> the options, as a record; see {@link org.thalweg.api.config.Option}
 */
public interface Provider<C extends Record> {
  /** The simple name, lower-case with hyphens, unique among providers of the same kind. */
  String name();

  /** What it is, in one sentence. */
  String summary();

  /** Where it is published: authors, year, section; empty where there is no paper. */
  default String paper() {
    return "";
  }

  /** The options with their default values; nested records and {@code Choice}s are allowed. */
  C defaults();
}
