package org.thalweg.app.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.thalweg.app.table.Outputs;

/** Writes PNG files, whole or not at all. */
public final class PictureFile {
  private PictureFile() {}

  /**
   * Writes one.
   *
   * @throws org.thalweg.api.error.ThalwegException exit code 2 where it cannot be written
   */
  public static void write(Path file, BufferedImage image) {
    Outputs.replace(file, writer(image));
  }

  /** What writes one, for files that are written together. */
  public static Outputs.Writer writer(BufferedImage image) {
    return file -> {
      if (!ImageIO.write(image, "png", file.toFile())) {
        throw new IOException("there is no writer of PNG files");
      }
    };
  }
}
