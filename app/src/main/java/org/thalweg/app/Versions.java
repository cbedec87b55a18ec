package org.thalweg.app;

import java.util.LinkedHashMap;
import java.util.Map;

/** Versions of what is running. */
public final class Versions {
  private static final String UNKNOWN = "unknown";

  private Versions() {}

  /** The version of Thalweg: of its module, or of its jar on a class path. */
  public static String thalweg() {
    Module module = Versions.class.getModule();
    if (module.isNamed()) {
      return module.getDescriptor().rawVersion().orElse(UNKNOWN);
    }
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? UNKNOWN : version;
  }

  /** What a model file notes. */
  public static Map<String, String> all() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put("thalweg", thalweg());
    out.put("java", Runtime.version().toString());
    out.put("djl", ai.djl.engine.Engine.getDjlVersion());
    return out;
  }
}
