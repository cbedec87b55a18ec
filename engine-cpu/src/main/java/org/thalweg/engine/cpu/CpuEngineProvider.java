package org.thalweg.engine.cpu;

import ai.djl.Device;
import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Optional;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.engine.cpu.torch.LibTorch;
import org.thalweg.engine.cpu.torch.Scripts;
import org.thalweg.engine.cpu.torch.TorchEngine;

/** Registers libtorch on the CPU. */
@AutoService(EngineProvider.class)
public final class CpuEngineProvider implements EngineProvider {
  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Availability availability() {
    Optional<Availability.Unavailable> problem = LibTorch.problem();
    if (problem.isPresent()) {
      return problem.get();
    }
    int cores = Runtime.getRuntime().availableProcessors();
    return new Availability.Available(LibTorch.detail() + ", on " + cores + " processor(s)");
  }

  @Override
  public Engine open(EngineOptions options) {
    options.requireNoGpu(name());
    return TorchEngine.open(name(), List.of(Device.cpu()), options, Scripts.AS_WRITTEN);
  }
}
