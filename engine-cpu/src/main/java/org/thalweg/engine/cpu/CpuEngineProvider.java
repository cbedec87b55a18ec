package org.thalweg.engine.cpu;

import ai.djl.Device;
import com.google.auto.service.AutoService;
import org.thalweg.api.engine.Availability;
import org.thalweg.api.engine.Engine;
import org.thalweg.api.engine.EngineOptions;
import org.thalweg.api.engine.EngineProvider;
import org.thalweg.engine.cpu.torch.LibTorch;
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
    if (LibTorch.present()) {
      int cores = Runtime.getRuntime().availableProcessors();
      return new Availability.Available("libtorch on " + cores + " processor(s)");
    }
    return LibTorch.ABSENT;
  }

  @Override
  public Engine open(EngineOptions options) {
    return TorchEngine.open(name(), Device.cpu(), options);
  }
}
