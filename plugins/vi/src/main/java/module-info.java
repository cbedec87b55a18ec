/** Variational inference. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.vi {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.vi;
  exports org.thalweg.vi.gmm;
  exports org.thalweg.vi.target;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.vi.ViPlugin;
}
