package org.thalweg.engine.gpu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.thalweg.engine.cpu.torch.LibTorch;

/** What the GPU engine must know of the machine. */
interface Machine {
  /** Whether there is an NVIDIA driver. */
  boolean hasDriver();

  /** Whether the libtorch that would be loaded was built with CUDA; does not load it. */
  boolean hasCudaLibTorch();

  /** Loads libtorch and asks it for a GPU. */
  boolean loadsCuda();

  /** This machine. */
  Machine THIS =
      new Machine() {
        @Override
        public boolean hasDriver() {
          // Linux, containers with the device alone, Windows' Linux subsystem, Windows.
          return Stream.of(
                  "/proc/driver/nvidia/version",
                  "/dev/nvidiactl",
                  "/usr/lib/wsl/lib/libcuda.so.1",
                  "C:\\Windows\\System32\\nvcuda.dll")
              .anyMatch(file -> Files.exists(Path.of(file)));
        }

        @Override
        public boolean hasCudaLibTorch() {
          return LibTorch.cuda();
        }

        @Override
        public boolean loadsCuda() {
          return LibTorch.loadsCuda();
        }
      };
}
