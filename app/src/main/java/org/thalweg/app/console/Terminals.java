package org.thalweg.app.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person watches. */
public final class Terminals {
  private Terminals() {}

  /**
   * Whether standard error is a terminal. Java only says whether input and output both are; where
   * the system shows its files, those tell.
   */
  public static boolean errorIsTerminal() {
    Path stream = Path.of("/proc/self/fd/2");
    try {
      String target = Files.readSymbolicLink(stream).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && Runtime.version().feature() < 22;
    }
  }
}
