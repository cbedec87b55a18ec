/** libtorch on the CPU, through DJL, and the tape that the CUDA engine shares. */
@SuppressWarnings({
  "module", // the CUDA engine is built after this one
  "requires-automatic" // DJL is an automatic module
})
module org.thalweg.engine.cpu {
  requires ai.djl.pytorch_engine;
  requires transitive org.thalweg.api;
  requires static com.google.auto.service;

  exports org.thalweg.engine.cpu.torch to
      org.thalweg.engine.gpu;

  provides org.thalweg.api.engine.EngineProvider with
      org.thalweg.engine.cpu.CpuEngineProvider;
}
