package org.thalweg.api.plugin;

/**
 * Where a plugin comes from.
 *
 * @param name its module's or jar's name
 * @param version its version, {@code unknown} where it has none
 * @param location the file or directory it was loaded from
 */
public record PluginOrigin(String name, String version, String location) {
  @Override
  public String toString() {
    return name + " " + version + " (" + location + ")";
  }
}
