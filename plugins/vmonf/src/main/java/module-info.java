/** Variational mixture of flows. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.vmonf {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.vmonf;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.vmonf.VmonfPlugin;
}
