package org.thalweg.api.config;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A part that is chosen by name from the registry, with its own options: how a config says <i>which
 * univariate</i> or <i>which density</i> without knowing its type.
 *
 * <p>On the command line it is {@code --set univariate=affine} and {@code --set
 * univariate.bins=16}. Naming another part drops the options that were the default part's.
 *
 * @param name the part's simple name
 * @param options options that differ from the part's defaults, by key
 */
public record Choice(String name, Map<String, Object> options) {
  /** Copies the options, sorted. */
  public Choice {
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** A part with its default options. */
  public static Choice of(String name) {
    return new Choice(name, Map.of());
  }
}
