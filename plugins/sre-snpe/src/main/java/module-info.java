/** Simulation-based inference. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.sbi {
  requires transitive org.thalweg.api;
  requires transitive org.thalweg.toolkit;
  requires static com.google.auto.service;
  requires hipparchus.core;
  requires hipparchus.ode;

  exports org.thalweg.sbi;
  exports org.thalweg.sbi.calibration;
  exports org.thalweg.sbi.metric;
  exports org.thalweg.sbi.run;
  exports org.thalweg.sbi.sampler;
  exports org.thalweg.sbi.simulator;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      org.thalweg.sbi.SbiPlugin;
}
