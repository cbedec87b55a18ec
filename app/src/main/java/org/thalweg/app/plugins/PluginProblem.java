package org.thalweg.app.plugins;

/**
 * A plugin that was not loaded.
 *
 * @param location the file or directory, or the name of a built-in plugin
 * @param message what is wrong and what to do about it
 */
public record PluginProblem(String location, String message) {
  @Override
  public String toString() {
    return location + ": " + message;
  }
}
