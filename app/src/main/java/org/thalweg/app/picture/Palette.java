package org.thalweg.app.picture;

import java.awt.Color;

/** Colours that keep their order in grey and for colour-blind eyes. */
final class Palette {
  static final Color DATA = new Color(0x26, 0x4c, 0x7d);
  static final Color MODEL = new Color(0xd9, 0x6b, 0x1e);
  static final Color INK = new Color(0x22, 0x22, 0x22);
  static final Color GRID = new Color(0xdd, 0xdd, 0xdd);

  /** Matplotlib's viridis at eight equal steps. */
  private static final int[] VIRIDIS = {
    0x440154, 0x46327e, 0x365c8d, 0x277f8e, 0x1fa187, 0x4ac16d, 0xa0da39, 0xfde725
  };

  private Palette() {}

  /** The colour of a number from 0 to 1. */
  static int viridis(double fraction) {
    double place = Math.max(0, Math.min(1, fraction)) * (VIRIDIS.length - 1);
    int from = Math.min((int) place, VIRIDIS.length - 2);
    double weight = place - from;
    int out = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double low = VIRIDIS[from] >> shift & 0xff;
      double high = VIRIDIS[from + 1] >> shift & 0xff;
      out |= (int) Math.round(low + weight * (high - low)) << shift;
    }
    return out;
  }

  static Color transparent(Color color, int alpha) {
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
  }
}
