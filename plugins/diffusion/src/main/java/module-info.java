/** Score-based diffusion, trained by maximum likelihood. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.diffusion {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.diffusion;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.diffusion.DiffusionPlugin;
}
