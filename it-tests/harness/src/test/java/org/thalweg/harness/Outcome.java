package org.thalweg.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a command left behind.
 *
 * @param command the command line
 * @param exit the exit code
 * @param out standard output
 * @param err standard error
 */
record Outcome(String command, int exit, String out, String err) {
  /** Requires the exit code 0. */
  Outcome succeeded() {
    return exited(0);
  }

  /** Requires an exit code. */
  Outcome exited(int code) {
    assertEquals(code, exit, this::toString);
    return this;
  }

  /** Requires a refusal that a user can act on: its code, its words, and no stack trace. */
  Outcome refused(int code, String... words) {
    exited(code);
    for (String word : words) {
      assertTrue(err.contains(word), () -> "no '" + word + "' in the message of " + this);
    }
    assertFalse(err.contains("\tat "), () -> "a stack trace in " + this);
    return this;
  }

  /** Standard output as one JSON object. */
  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + this, e);
    }
  }

  @Override
  public String toString() {
    return command + "\nexit " + exit + "\n--- out\n" + out + "\n--- err\n" + err;
  }
}
