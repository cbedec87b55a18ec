package org.thalweg.vi;

import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.TrainableDensity;

/** Builds densities of one kind, unconditional, over events {@code (R)}. */
@FunctionalInterface
interface Family {
  TrainableDensity build(BuildContext context);
}
