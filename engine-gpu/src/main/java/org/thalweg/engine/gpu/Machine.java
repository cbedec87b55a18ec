package org.thalweg.engine.gpu;

import java.util.Optional;
import org.thalweg.api.engine.Availability;
import org.thalweg.engine.cpu.torch.LibTorch;
import org.thalweg.engine.cpu.torch.Scripts;

/** What the GPU engine must know of the machine. */
interface Machine {
  /**
   * The system property {@code thalweg.gpu.simulated}: with {@code true} the engine goes the way of
   * a device on the processor, for tests on machines without a GPU.
   */
  String SIMULATED = "thalweg.gpu.simulated";

  /** The system property {@code thalweg.gpu.fused}: with {@code true} scripts are compiled. */
  String FUSED = "thalweg.gpu.fused";

  /** What libtorch reads when it is loaded; no function of DJL sets it later. */
  String COARSE = "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE";

  /** Whether matrix products may round their factors to 10 bits of the mantissa. */
  default boolean coarseProducts() {
    return false;
  }

  /** How scripted operations are run. */
  default Scripts scripts() {
    return Scripts.AS_WRITTEN;
  }

  /** Whether the processor stands in for a GPU. */
  default boolean simulated() {
    return false;
  }

  /** Whether there is an NVIDIA driver. */
  boolean hasDriver();

  /** Why no libtorch can be loaded at all, if so. */
  Optional<Availability.Unavailable> problem();

  /** Whether the libtorch that would be loaded was built with CUDA; does not load it. */
  boolean hasCudaLibTorch();

  /** Loads libtorch and asks it for GPUs. */
  int gpus();

  /** This machine. */
  Machine THIS =
      new Machine() {
        @Override
        public boolean simulated() {
          return Boolean.getBoolean(SIMULATED);
        }

        @Override
        public Scripts scripts() {
          return Boolean.getBoolean(FUSED) ? Scripts.FUSED : Scripts.AS_WRITTEN;
        }

        @Override
        public boolean coarseProducts() {
          return "1".equals(System.getenv(COARSE));
        }

        @Override
        public boolean hasDriver() {
          return LibTorch.hasDriver();
        }

        @Override
        public Optional<Availability.Unavailable> problem() {
          return LibTorch.problem();
        }

        @Override
        public boolean hasCudaLibTorch() {
          return LibTorch.cuda();
        }

        @Override
        public int gpus() {
          return LibTorch.gpus();
        }
      };
}
