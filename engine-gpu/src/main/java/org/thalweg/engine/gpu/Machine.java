package org.thalweg.engine.gpu;

import java.util.Optional;
import org.thalweg.api.engine.Availability;
import org.thalweg.engine.cpu.torch.LibTorch;

/** What the GPU engine must know of the machine. */
interface Machine {
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
