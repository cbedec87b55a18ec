package org.thalweg.toolkit.flow;

import ai.djl.ndarray.NDArray;
import org.thalweg.api.transform.Elementwise;
import org.thalweg.api.transform.Support;

/** An increasing map of one number from a set onto the line. */
interface Curve {
  /** The set. */
  Support domain();

  /** The number on the line, and the logarithm of its derivative by x. */
  Elementwise toLine(NDArray x);

  /** The number in the set, and the logarithm of its derivative by y. */
  Elementwise fromLine(NDArray y);
}
