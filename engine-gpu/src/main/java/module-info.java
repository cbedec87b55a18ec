/** libtorch on an NVIDIA GPU: the CPU engine's code on another device. */
@SuppressWarnings("requires-automatic") // DJL is an automatic module
module org.thalweg.engine.gpu {
  requires transitive org.thalweg.api;
  requires org.thalweg.engine.cpu;
  requires static com.google.auto.service;

  provides org.thalweg.api.engine.EngineProvider with
      org.thalweg.engine.gpu.GpuEngineProvider;
}
