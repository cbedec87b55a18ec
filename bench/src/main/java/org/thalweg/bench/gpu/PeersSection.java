package org.thalweg.bench.gpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The part of the page about other libraries on the same card, and what the goals make of it. */
final class PeersSection {
  private static final String OWED = "*owed*";
  private static final String MET = "met";
  private static final String MISSED = "**missed**";
  private static final List<String> PEERS = List.of("nflows", "zuko", "flowjax");
  private static final List<String> KINDS = List.of("train", "score");

  /** How much longer than what JAX compiled ours may take, and from which batch on. */
  private static final double BEHIND_COMPILED = 1.5;

  private static final int BATCH_COMPILED = 4096;

  private static final String BELOW =
      "`gpu --peers PYTHON`: nflows and zuko on PyTorch, FlowJAX compiled by JAX, on the same card"
          + " and rows, 6 columns, five layers, nets of two residual blocks of 64 or as many"
          + " weights; Adam. Each cell first fits both sides for as many steps; their numbers of"
          + " parameters must agree, and where log-densities of other rows do not, the row says so."
          + " Products are of float32 everywhere, never rounded to TF32. Blocks of both sides"
          + " alternate, and the device is waited for at the end of a block. Training"
          + " rows lie on the device on both sides; ours are drawn by the host, which each step's loss"
          + " goes back to. What is scored lies on the peers' device, and is sent to ours and brought"
          + " back, as a user's command does. *Ratio*: the peer's time"
          + " over ours, above 1 ours is faster; the median of the pairs, with the lowest and the"
          + " highest. *ms*: of a step or of scoring a batch, ours and the peer's. *MB*: of the card,"
          + " held by the process after the fit, ours and the peer's, their contexts included; in"
          + " brackets, the most that the peer's arrays took. `aem`, `diffusion` and `snpe-c` have"
          + " no twin in these libraries. Rows of `bench/results/peers-gpu.csv`.";

  private final PeerRows rows;
  private final String card;

  PeersSection(PeerRows rows) {
    this.rows = rows;
    this.card = rows.card().orElse("");
  }

  /** One of our flows, and what the driver calls it. */
  record Flow(String name, String conditioner, String univariate) {}

  /** What both sides do. */
  record Cell(Flow flow, int batch, String peer) {
    /** The least ratio that is wanted; none of what is compiled where batches are small. */
    private Optional<Double> wanted() {
      if (!peer.equals("flowjax")) {
        return Optional.of(1.0);
      }
      return batch >= BATCH_COMPILED ? Optional.of(1 / BEHIND_COMPILED) : Optional.empty();
    }
  }

  private static final List<Cell> CELLS =
      Stream.of(
              new Flow("nsf-coupling", "coupling", "rational-quadratic"),
              new Flow("nsf-ar", "autoregressive", "rational-quadratic"),
              new Flow("maf", "autoregressive", "affine"),
              new Flow("realnvp", "coupling", "affine"))
          .flatMap(
              flow ->
                  GpuBench.BATCHES.stream()
                      .flatMap(batch -> PEERS.stream().map(peer -> new Cell(flow, batch, peer))))
          .toList();

  String text() {
    List<String> lines = new ArrayList<>(List.of("", "## Beside other libraries", "", BELOW, ""));
    rows.card().ifPresent(name -> lines.add("Measured on: " + name + "."));
    lines.add(goals());
    tried().ifPresent(lines::add);
    lines.add("");
    lines.add("| flow | batch | peer | step: ratio | ms | goal | score: ratio | ms | goal | MB |");
    lines.add("| --- | ---: | --- | --- | ---: | --- | --- | ---: | --- | ---: |");
    CELLS.forEach(cell -> lines.add(line(cell)));
    return String.join("\n", lines) + "\n";
  }

  private String line(Cell cell) {
    StringBuilder out = new StringBuilder();
    out.append("| `%s` | %d | %s |".formatted(cell.flow.name, cell.batch, cell.peer));
    for (String kind : KINDS) {
      var row = rows.find(card, cell, kind);
      out.append(" %s | %s | %s |".formatted(ratio(row), times(row), goal(cell, kind)));
    }
    return out.append(" %s |".formatted(memory(rows.find(card, cell, "train")))).toString();
  }

  private static String ratio(Optional<Map<String, String>> found) {
    return found
        .map(
            row ->
                PeerRows.isDone(row)
                    ? "**%s** [%s, %s]%s"
                        .formatted(
                            short3(row.get("ratio")),
                            short3(row.get("ratio_low")),
                            short3(row.get("ratio_high")),
                            row.get("losses_agree").equals("yes") ? "" : ", losses differ")
                    : row.get("status").replace('|', '/'))
        .orElse(OWED);
  }

  private static String times(Optional<Map<String, String>> found) {
    return found
        .map(
            row ->
                PeerRows.isDone(row)
                    ? short3(row.get("ms_per_batch")) + ", " + short3(row.get("peer_ms_per_batch"))
                    : "")
        .orElse(OWED);
  }

  private static String memory(Optional<Map<String, String>> found) {
    return found
        .filter(PeerRows::isDone)
        .map(
            row ->
                "%s, %s (%s)"
                    .formatted(
                        megabytes(row.get("device_mb")),
                        megabytes(row.get("peer_device_mb")),
                        megabytes(row.get("peer_allocated_mb"))))
        .orElse(OWED);
  }

  private static String megabytes(String value) {
    return value.isEmpty() ? "?" : String.format(Locale.ROOT, "%.0f", Double.parseDouble(value));
  }

  /** Met, missed, failed or owed; nothing where there is no goal. */
  private String goal(Cell cell, String kind) {
    return cell.wanted()
        .map(
            least ->
                rows.find(card, cell, kind)
                    .map(row -> PeerRows.isDone(row) ? verdict(row, least) : "failed")
                    .orElse(OWED))
        .orElse("");
  }

  private static String verdict(Map<String, String> row, double least) {
    return Double.parseDouble(row.get("ratio")) >= least ? MET : MISSED;
  }

  private String goals() {
    List<String> all =
        CELLS.stream()
            .flatMap(cell -> KINDS.stream().map(kind -> goal(cell, kind)))
            .filter(goal -> !goal.isEmpty())
            .toList();
    int met = Collections.frequency(all, MET);
    int measured = met + Collections.frequency(all, MISSED);
    return "Goals: ahead of nflows and zuko everywhere; within %s times of FlowJAX at batch %d and above, a ratio of %.2f. Met: %s."
        .formatted(
            BEHIND_COMPILED,
            BATCH_COMPILED,
            1 / BEHIND_COMPILED,
            measured == 0 ? OWED : "%d of %d measured, of %d".formatted(met, measured, all.size()));
  }

  /** Of runs without a GPU: whether both sides are the same there, never how fast they are. */
  private Optional<String> tried() {
    var cells = rows.simulated().stream().filter(row -> row.get("kind").equals("train")).toList();
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    long equal =
        cells.stream()
            .filter(row -> row.get("parameters").equals(row.get("peer_parameters")))
            .count();
    long agree = cells.stream().filter(row -> row.get("losses_agree").equals("yes")).count();
    return Optional.of(
        "On the simulated device, the peers on the processor: of %d cells, the numbers of parameters are equal in %d, and log-densities agree to a tenth of what was gained over a normal density in %d."
            .formatted(cells.size(), equal, agree));
  }

  private static String short3(String value) {
    double number = Double.parseDouble(value);
    return String.format(Locale.ROOT, number >= 100 ? "%.0f" : "%.3g", number);
  }
}
