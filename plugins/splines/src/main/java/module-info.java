/** Spline transforms of one number. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.splines {
  requires transitive org.thalweg.api;
  requires org.thalweg.toolkit;
  requires static com.google.auto.service;

  exports org.thalweg.splines;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.splines.SplinesPlugin;
}
