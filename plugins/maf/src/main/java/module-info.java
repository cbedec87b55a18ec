/** Masked autoregressive and coupling flows. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.maf {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.maf;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.maf.MafPlugin;
}
