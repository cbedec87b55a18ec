package org.thalweg.bench.gpu;

import java.util.Map;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.FitListener;
import org.thalweg.api.plugin.Registry;
import org.thalweg.bench.gpu.Sitting.Key;

/** What fits on a card, what is said one step beyond, and whether memory grows in a fit. */
final class Limits {
  private final Sitting sitting;
  private final Registry registry;
  private final Engine gpu;

  Limits(Sitting sitting, Registry registry, Engine gpu) {
    this.sitting = sitting;
    this.registry = registry;
    this.gpu = gpu;
  }

  void measure() {
    largest();
    widest();
    growth();
  }

  /** Batches are doubled until one does not fit. */
  private void largest() {
    Key last = new Key("largest", "nsf-ar", "gpu", "refusal");
    sitting.part(
        last,
        () -> {
          for (int batch = 1 << 17; !sitting.over(); batch *= 2) {
            Work work = Work.of("nsf-ar", GpuBench.COLUMNS, batch);
            try {
              work.train(gpu, registry, 2, FitListener.SILENT).close();
              sitting.add(new Key("largest", "nsf-ar", "gpu", "batch"), batch);
            } catch (ThalwegException refusal) {
              sitting.add(last, refusal.getMessage(), Double.NaN, 1);
              return;
            }
          }
        });
  }

  /** Nets are made twice as wide until a model does not fit, or a file of it. */
  private void widest() {
    Key last = new Key("widest", "nsf-ar", "gpu", "refusal");
    sitting.part(
        last,
        () -> {
          for (int width = 256; !sitting.over(); width *= 2) {
            Work work = new TableWork("nsf-ar", GpuBench.COLUMNS, 512, Map.of("hidden", width));
            try {
              work.train(gpu, registry, 2, FitListener.SILENT).close();
              sitting.add(new Key("widest", "nsf-ar", "gpu", "units"), width);
            } catch (ThalwegException refusal) {
              sitting.add(last, refusal.getMessage(), Double.NaN, 1);
              return;
            }
          }
        });
  }

  /** Memory while a fit goes on: after some steps and after ten times as many. */
  private void growth() {
    for (int steps : new int[] {20, 200}) {
      Key key = new Key("memory", "nsf-coupling 4096", "gpu", steps + " steps");
      sitting.part(
          key,
          () -> {
            gpu.trim();
            try (Gauge gauge = Gauge.start()) {
              Work.of("nsf-coupling", GpuBench.COLUMNS, 4096)
                  .train(gpu, registry, steps, FitListener.SILENT)
                  .close();
              gauge.megabytes().ifPresent(mb -> sitting.add(key, mb));
            }
          });
    }
  }
}
