package org.thalweg.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A fit from its start to its early stop, as the driver asks for it.
 *
 * @param steps the most steps
 * @param every steps between validations
 * @param patience validations without improvement before it stops
 * @param limit the most time
 * @param out where the test rows' log-densities go, little-endian float64
 */
record WholeFit(long steps, int every, int patience, Duration limit, Path out) {
  static WholeFit of(JsonNode json) {
    return new WholeFit(
        json.required("steps").asLong(),
        json.required("every").asInt(),
        json.required("patience").asInt(),
        Duration.ofMillis((long) (1000 * json.required("seconds").asDouble())),
        Path.of(json.required("out").asText()));
  }
}
