package org.thalweg.maf;

import java.util.ArrayList;
import java.util.List;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.transform.Support;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.flow.Bijection;
import org.thalweg.toolkit.flow.InvertedTransform;

/** How flows over the line reach their bases. */
final class Bases {
  private Bases() {}

  /** The transforms, and a sigmoid behind them where the base lies in a box. */
  static List<TrainableTransform> reached(
      List<TrainableTransform> transforms, TrainableDensity base, BuildContext context) {
    List<TrainableTransform> out = new ArrayList<>(transforms);
    if (base.support() instanceof Support.Interval box) {
      out.add(new InvertedTransform(Bijection.sigmoid(context.eventShape(), box)));
    }
    return out;
  }
}
