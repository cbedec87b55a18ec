package org.thalweg.engine.cpu.torch;

/** How libtorch runs the text of scripted operations. */
public enum Scripts {
  /** Line by line: the first call gives the same bits as any later one. */
  AS_WRITTEN,
  /**
   * Optimised. What calls show of shapes in the first is compiled in the second; on a GPU, chains
   * of elementwise operations become one kernel each. The last digits of the first calls of a
   * process are not those of the later ones.
   */
  FUSED
}
