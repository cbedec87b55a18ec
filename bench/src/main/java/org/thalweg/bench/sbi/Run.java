package org.thalweg.bench.sbi;

import java.util.Locale;

/**
 * The row of a cell that was run.
 *
 * @param cell which
 * @param seed of the inference and the test
 * @param threads of the engine and the simulator
 * @param c2st against the reference posterior, 0.5 at best
 * @param minutes of inference and 10,000 draws, on the clock
 * @param processorMinutes of the same, whoever else was on the machine
 * @param acceptance of drawing, or not a number
 * @param verdict the posterior's own
 * @param testMinutes of the two-sample test
 * @param when it ended
 */
record Run(
    Cell cell,
    long seed,
    int threads,
    double c2st,
    double minutes,
    double processorMinutes,
    double acceptance,
    String verdict,
    double testMinutes,
    String when) {
  static final String HEAD =
      "task,method,simulations,observation,seed,threads,c2st,minutes,processor_minutes,acceptance,"
          + "verdict,test_minutes,when";

  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%.5f,%.3f,%.3f,%.4f,%s,%.3f,%s",
        cell.key(),
        seed,
        threads,
        c2st,
        minutes,
        processorMinutes,
        acceptance,
        verdict,
        testMinutes,
        when);
  }

  static Run parse(String line) {
    String[] f = line.split(",");
    return new Run(
        new Cell(f[0], f[1], Integer.parseInt(f[2]), Integer.parseInt(f[3])),
        Long.parseLong(f[4]),
        Integer.parseInt(f[5]),
        Double.parseDouble(f[6]),
        Double.parseDouble(f[7]),
        Double.parseDouble(f[8]),
        Double.parseDouble(f[9]),
        f[10],
        Double.parseDouble(f[11]),
        f[12]);
  }
}
