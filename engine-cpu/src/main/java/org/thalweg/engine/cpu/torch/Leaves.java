package org.thalweg.engine.cpu.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The leaves of a tape and their gradients: what libtorch accumulated into them, and what custom
 * operations did, whose results need not pass through libtorch.
 */
final class Leaves {
  private final Set<PtNDArray> leaves = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<PtNDArray> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<PtNDArray, PtNDArray> direct = new IdentityHashMap<>();

  /** Makes an array a leaf. */
  void add(PtNDArray array) {
    array.setRequiresGradient(true);
    leaves.add(array);
  }

  /**
   * Makes an array a leaf that other tapes use at the same time: libtorch knows nothing of it, so
   * that only custom operations reach it.
   */
  void addShared(PtNDArray array) {
    shared.add(array);
  }

  /** What custom operations alone gave an array. */
  Optional<PtNDArray> direct(PtNDArray array) {
    return Optional.ofNullable(direct.get(array));
  }

  boolean contains(Object array) {
    return leaves.contains(array);
  }

  /** Whether an array is a leaf, or was computed from one. */
  boolean reach(PtNDArray array) {
    return leaves.contains(array) || shared.contains(array) || Backward.differentiable(array);
  }

  /** The gradient of a leaf, where there is one. */
  Optional<PtNDArray> gradient(PtNDArray leaf) {
    PtNDArray own = direct.get(leaf);
    PtNDArray recorded = JniUtils.getGradient(leaf);
    if (own == null || recorded == null) {
      return Optional.ofNullable(own == null ? recorded : own);
    }
    return Optional.of(own.add(recorded));
  }

  /**
   * Carries cotangents of arrays on to the leaves before them; grad mode must be off.
   *
   * @param cotangents one for each array; those of arrays that depend on no leaf are ignored
   * @param counts whether an array depends on a leaf
   */
  void propagate(
      Autograd autograd,
      PtNDManager manager,
      List<PtNDArray> arrays,
      List<Boolean> counts,
      List<PtNDArray> cotangents) {
    List<PtNDArray> roots = new ArrayList<>();
    List<PtNDArray> seeds = new ArrayList<>();
    for (int i = 0; i < cotangents.size(); i++) {
      if (!counts.get(i)) {
        continue;
      }
      PtNDArray array = arrays.get(i);
      if (leaves.contains(array) || shared.contains(array)) {
        direct.merge(array, cotangents.get(i), PtNDArray::add);
      } else {
        roots.add(array);
        seeds.add(cotangents.get(i));
      }
    }
    // One pass for all of them: they usually share a graph, which is then walked once.
    Backward.from(autograd, manager, roots, seeds);
  }

  /** Sets every gradient to zero. */
  void clear() {
    direct.clear();
    leaves.forEach(JniUtils::zeroGrad);
  }
}
