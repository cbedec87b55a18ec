package org.thalweg.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.EngineProvider;

/**
 * Whether an engine can be used.
 *
 * @param name its name
 * @param available whether it can
 * @param detail what it would run on, or why it cannot
 * @param cure what the user can do about it, empty where it can
 */
record EngineState(String name, boolean available, String detail, String cure) {
  static EngineState of(EngineProvider provider) {
    Availability availability = provider.availability();
    if (availability instanceof Availability.Unavailable no) {
      return new EngineState(provider.name(), false, no.reason(), no.cure());
    }
    String detail = ((Availability.Available) availability).detail();
    return new EngineState(provider.name(), true, detail, "");
  }

  String text() {
    return available ? detail : detail + "; cure: " + cure;
  }

  Map<String, Object> toMap() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("available", available);
    out.put(available ? "detail" : "reason", detail);
    if (!available) {
      out.put("cure", cure);
    }
    return out;
  }
}
