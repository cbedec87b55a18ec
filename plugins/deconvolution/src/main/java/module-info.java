/** Density deconvolution. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.deconvolution {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.deconvolution;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.deconvolution.DeconvolutionPlugin;
}
