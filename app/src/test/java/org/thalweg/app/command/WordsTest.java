package org.thalweg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Split;

class WordsTest {
  @Test
  void listsNamesBetweenCommas() {
    assertEquals(List.of("a", "b c", "d,e"), Words.list("--columns", "a, b c,\"d,e\""));
    assertThrows(ThalwegException.class, () -> Words.list("--columns", "a,,b"));
    assertThrows(ThalwegException.class, () -> Words.list("--columns", "a,\"b"));
  }

  @Test
  void readsSplits() {
    assertEquals(new Split(0.5, 0.25, 0.25), Words.split("0.5,0.25,0.25", Split.Order.RANDOM));
    assertThrows(ThalwegException.class, () -> Words.split("0.5,0.5", Split.Order.RANDOM));
    assertThrows(ThalwegException.class, () -> Words.split("0.5,0.5,x", Split.Order.RANDOM));
    assertThrows(ThalwegException.class, () -> Words.split("0.5,0.6,0.1", Split.Order.RANDOM));
  }

  @Test
  void readsTimes() {
    assertEquals(Duration.ofSeconds(90), Words.duration("90"));
    assertEquals(Duration.ofSeconds(90), Words.duration("90s"));
    assertEquals(Duration.ofMinutes(10), Words.duration("10m"));
    assertEquals(Duration.ofMinutes(90), Words.duration("1.5h"));
    assertThrows(ThalwegException.class, () -> Words.duration("soon"));
  }
}
