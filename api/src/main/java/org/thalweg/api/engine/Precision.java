package org.thalweg.api.engine;

import ai.djl.ndarray.types.DataType;

/** How exactly an engine computes. */
public enum Precision {
  /** Single precision. */
  FLOAT32(DataType.FLOAT32),
  /**
   * Single precision, but for factors of matrix products: a GPU rounds them to 10 bits of the
   * mantissa. Refused where products are computed in full.
   */
  TF32(DataType.FLOAT32),
  /**
   * Single precision, but for the matrix products of {@linkplain ScriptedOperation#rounds scripted
   * nets}: their factors and results have 8 bits of the mantissa, and sums within them 24. Refused
   * on the host, where it is slower.
   */
  BFLOAT16(DataType.FLOAT32),
  /** Double precision, for reference. */
  FLOAT64(DataType.FLOAT64);

  private final DataType dataType;

  Precision(DataType dataType) {
    this.dataType = dataType;
  }

  /** The type of parameters and batches. */
  public DataType dataType() {
    return dataType;
  }
}
