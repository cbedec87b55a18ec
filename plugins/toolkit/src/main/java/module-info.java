/** What plugin authors build with: options, networks, flows, training, data and model files. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.toolkit {
  requires transitive org.thalweg.api;
  requires com.fasterxml.jackson.databind;

  exports org.thalweg.toolkit.config;
  exports org.thalweg.toolkit.data;
  exports org.thalweg.toolkit.flow;
  exports org.thalweg.toolkit.infer;
  exports org.thalweg.toolkit.model;
  exports org.thalweg.toolkit.nn;
  exports org.thalweg.toolkit.ode;
  exports org.thalweg.toolkit.train;
}
