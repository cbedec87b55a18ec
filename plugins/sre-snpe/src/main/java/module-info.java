/** Simulation-based inference. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.sbi {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.sbi;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.sbi.SbiPlugin;
}
