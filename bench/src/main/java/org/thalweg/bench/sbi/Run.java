package org.thalweg.bench.sbi;

import java.util.Locale;

/**
 * The row of a cell that was run, or that failed: then it has no figures, and says why.
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
 * @param options of the method, all of them
 * @param failure why there is no result, or empty
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
    String when,
    String options,
    String failure) {
  static final String HEAD =
      "task,method,simulations,observation,seed,threads,c2st,minutes,processor_minutes,acceptance,"
          + "verdict,test_minutes,when,options,failure";

  private static final int FIELDS = HEAD.split(",").length;

  /** A row without a result. */
  static Run failed(
      Cell cell,
      long seed,
      int threads,
      double minutes,
      String when,
      String options,
      Throwable why) {
    double none = Double.NaN;
    String reason = why.getClass().getSimpleName() + ": " + why.getMessage();
    return new Run(
        cell, seed, threads, none, minutes, none, none, "none", none, when, options, field(reason));
  }

  /** Text as one field of a row. */
  static String field(String text) {
    return text.replaceAll("[,\\s]+", " ").strip();
  }

  boolean succeeded() {
    return failure.isEmpty();
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "%s,%d,%d,%.5f,%.3f,%.3f,%.4f,%s,%.3f,%s,%s,%s",
        cell.key(),
        seed,
        threads,
        c2st,
        minutes,
        processorMinutes,
        acceptance,
        verdict,
        testMinutes,
        when,
        options,
        failure);
  }

  /** A line that was cut off when a run was killed is no row. */
  static boolean whole(String line) {
    return line.split(",", -1).length == FIELDS;
  }

  static Run parse(String line) {
    String[] f = line.split(",", -1);
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
        f[12],
        f[13],
        f[14]);
  }
}
