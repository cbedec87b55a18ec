package org.thalweg.app.published;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.Names;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.app.Reason;

/**
 * The options that a paper gives for a set.
 *
 * @param set the set
 * @param estimator {@code aem} (Durkan and Nash, 2019, tables 3 and 4), {@code nsf-coupling} or
 *     {@code nsf-ar} (Durkan and others, 2019, tables 4 and 5)
 */
public record PublishedConfig(PublishedSet set, String estimator) {
  /** Refuses an estimator that no options are shipped for. */
  public PublishedConfig {
    if (!PublishedSet.CONFIGS.contains(estimator)) {
      throw Names.unknown("published configuration", estimator, PublishedSet.CONFIGS);
    }
  }

  /** The name of its file. */
  public String fileName() {
    return set.name() + "-" + estimator + ".yaml";
  }

  /** Writes it into a directory, over an older one. */
  public Path write(Path directory) {
    Path out = directory.resolve(fileName());
    try (InputStream in = PublishedConfig.class.getResourceAsStream(fileName())) {
      Files.copy(in, out, StandardCopyOption.REPLACE_EXISTING);
      return out;
    } catch (IOException e) {
      throw new ThalwegException(
          ExitCode.USAGE, "Cannot write '" + out + "': " + Reason.of(e) + ".", e);
    }
  }
}
