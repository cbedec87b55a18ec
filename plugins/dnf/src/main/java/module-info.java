/** Denoising flow. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.dnf {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.dnf;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.dnf.DnfPlugin;
}
