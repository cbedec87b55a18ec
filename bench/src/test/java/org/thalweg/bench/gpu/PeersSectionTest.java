package org.thalweg.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersSectionTest {
  private static final String HEAD =
      "card,peer,conditioner,univariate,columns,batch,threads,kind,seed,status,ratio,ratio_low,"
          + "ratio_high,ms_per_batch,peer_ms_per_batch,parameters,peer_parameters,losses_agree,when,"
          + "device_mb,peer_device_mb,peer_allocated_mb,peer_runtime";
  private static final String CARD = "NVIDIA X; 570.1; 80 MiB";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void begin() throws IOException {
    file = folder.resolve("peers-gpu.csv");
    Files.writeString(file, HEAD + "\n");
  }

  @Test
  void aRatioIsShownWithItsRangeAndJudged() throws IOException {
    done(CARD, "nflows", 512, "train", 2.5);
    done(CARD, "nflows", 512, "score", 0.9);
    assertEquals(
        "| `nsf-coupling` | 512 | nflows | **2.50** [2.00, 3.00] | 4.00, 10.0 | met |"
            + " **0.900** [0.400, 1.40] | 4.00, 10.0 | **missed** | 700, 900 (12) |",
        line("`nsf-coupling` | 512 | nflows"));
    String text = text();
    assertTrue(text.contains("Measured on: " + CARD + "."), text);
    assertTrue(text.contains("Met: 1 of 2 measured, of 64."), text);
  }

  @Test
  void compiledPeersMayBeHalfAsFastAgainOnLargeBatchesAndAreNotJudgedOnSmallOnes()
      throws IOException {
    done(CARD, "flowjax", 512, "train", 0.1);
    done(CARD, "flowjax", 4096, "train", 0.67);
    done(CARD, "flowjax", 65536, "train", 0.66);
    assertTrue(line("`nsf-coupling` | 512 | flowjax").contains("10.0 |  | *owed*"));
    assertTrue(line("`nsf-coupling` | 4096 | flowjax").contains("| met |"));
    assertTrue(line("`nsf-coupling` | 65536 | flowjax").contains("| **missed** |"));
  }

  @Test
  void whatWasSimulatedIsNeverAFigure() throws IOException {
    done("simulated", "nflows", 512, "train", 77.7);
    String text = text();
    assertFalse(text.contains("77.7"), text);
    assertFalse(text.contains("Measured on"), text);
    assertTrue(text.contains("Met: *owed*."), text);
    assertTrue(text.contains("of 1 cells, the numbers of parameters are equal in 1"), text);
  }

  @Test
  void aFailureIsToldAndDoesNotCount() throws IOException {
    write(CARD, "zuko", 65536, "train", "\"failed: out of memory, 80 GiB\",,,,,,,,,,,,");
    done(CARD, "nflows", 512, "train", 2);
    assertTrue(line("65536 | zuko").contains("failed: out of memory, 80 GiB"));
    assertTrue(text().contains("Met: 1 of 1 measured, of 64."), text());
  }

  @Test
  void withoutAFileAllIsOwed() throws IOException {
    Files.delete(file);
    assertEquals(36, text().lines().filter(line -> line.startsWith("| `")).count());
    assertFalse(text().contains("met |"));
  }

  private void done(String card, String peer, int batch, String kind, double ratio)
      throws IOException {
    String numbers =
        "done,%s,%s,%s,4,10,100,100,yes,2026-01-01".formatted(ratio, ratio - 0.5, ratio + 0.5);
    write(card, peer, batch, kind, numbers + ",700.2,900,12,\"" + peer + ", torch\"");
  }

  private void write(String card, String peer, int batch, String kind, String facts)
      throws IOException {
    String row =
        "%s,%s,coupling,rational-quadratic,6,%d,1,%s,1,%s"
            .formatted(card, peer, batch, kind, facts);
    Files.write(file, List.of(row), java.nio.file.StandardOpenOption.APPEND);
  }

  private String text() {
    return new PeersSection(PeerRows.beside(folder.resolve("gpu.csv"))).text();
  }

  private String line(String part) {
    return text().lines().filter(line -> line.contains(part)).findFirst().orElseThrow();
  }
}
