package org.thalweg.toolkit.config;

/**
 * An option as users see it.
 *
 * @param key the key after {@code --set}
 * @param type what it takes, in words
 * @param defaultValue the value it has unless it is set
 * @param doc what it does
 */
public record OptionInfo(String key, String type, Object defaultValue, String doc) {}
