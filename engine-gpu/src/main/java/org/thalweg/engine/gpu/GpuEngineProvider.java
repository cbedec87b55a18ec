package org.thalweg.engine.gpu;

import ai.djl.Device;
import com.google.auto.service.AutoService;
import java.util.Optional;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.api.engine.Precision;
import org.thalweg.api.error.ExitCode;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.engine.cpu.torch.LibTorch;
import org.thalweg.engine.cpu.torch.Scripts;
import org.thalweg.engine.cpu.torch.TorchEngine;

/** Registers libtorch on an NVIDIA GPU. */
@AutoService(EngineProvider.class)
public final class GpuEngineProvider implements EngineProvider {
  private static final String NAME = "gpu";

  private final Machine machine;

  /** For {@link java.util.ServiceLoader}. */
  public GpuEngineProvider() {
    this(Machine.THIS);
  }

  GpuEngineProvider(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    if (machine.simulated()) {
      return available("no GPU: simulated on the processor, for tests");
    }
    if (!machine.hasDriver()) {
      return new Availability.Unavailable(
          "no NVIDIA driver was found", "install the driver of the GPU, or choose --engine cpu");
    }
    Optional<Availability.Unavailable> problem = machine.problem();
    if (problem.isPresent()) {
      return problem.get();
    }
    if (!machine.hasCudaLibTorch()) {
      return new Availability.Unavailable(
          "this libtorch was built without CUDA",
          "set PYTORCH_LIBRARY_PATH to the lib directory of a CUDA build of libtorch "
              + LibTorch.wanted()
              + ", or put the jar ai.djl.pytorch:pytorch-native-cu128 of that version into"
              + " lib/classpath, and start again; or choose --engine cpu");
    }
    return available(LibTorch.detail() + ", with CUDA");
  }

  /** With what makes it faster or slower, as it is kept apart where speeds are remembered. */
  private Availability.Available available(String detail) {
    return new Availability.Available(
        machine.scripts() == Scripts.FUSED ? detail + ", scripts compiled" : detail);
  }

  @Override
  public Engine open(EngineOptions options) {
    if (availability() instanceof Availability.Unavailable no) {
      throw refusal(no.reason(), no.cure());
    }
    if (machine.simulated()) {
      if (options.precision() == Precision.TF32) {
        throw ThalwegException.usage(
            "--precision tf32 is of products on a GPU, and this one is simulated on the processor.");
      }
      return TorchEngine.simulated(NAME, options, machine.scripts());
    }
    if (options.precision() == Precision.TF32 && !machine.coarseProducts()) {
      throw ThalwegException.usage(
          "--precision tf32 is decided when the process starts: set %s=1, as bin/thalweg does.",
          Machine.COARSE);
    }
    int gpus = machine.gpus();
    if (gpus == 0) {
      throw refusal(
          "libtorch was built with CUDA, but sees no GPU",
          "check with nvidia-smi that the driver runs, is new enough for this libtorch's CUDA, and"
              + " that CUDA_VISIBLE_DEVICES does not hide the GPU; or choose --engine cpu");
    }
    for (int device : options.devices()) {
      if (device >= gpus) {
        throw refusal(
            "there is no GPU " + device + ", libtorch sees " + gpus,
            "choose --devices from 0 to " + (gpus - 1));
      }
    }
    return TorchEngine.open(
        NAME, options.devices().stream().map(Device::gpu).toList(), options, machine.scripts());
  }

  private static ThalwegException refusal(String reason, String cure) {
    return new ThalwegException(
        ExitCode.ENGINE, "The engine 'gpu' is not available: " + reason + ". Cure: " + cure + ".");
  }
}
