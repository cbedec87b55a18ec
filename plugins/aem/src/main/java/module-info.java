/** The autoregressive energy machine. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.aem {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.aem;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.aem.AemPlugin;
}
