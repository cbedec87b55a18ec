/**
 * The contracts of Thalweg: what a plugin provides, what an engine offers, what a model can do.
 *
 * <p>There is no implementation here beyond argument checks, value types and composition.
 */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // DJL is an automatic module
module org.thalweg.api {
  requires transitive ai.djl.api;
  requires transitive org.slf4j;

  exports org.thalweg.api.config;
  exports org.thalweg.api.data;
  exports org.thalweg.api.density;
  exports org.thalweg.api.engine;
  exports org.thalweg.api.error;
  exports org.thalweg.api.estimator;
  exports org.thalweg.api.inference;
  exports org.thalweg.api.plugin;
  exports org.thalweg.api.random;
  exports org.thalweg.api.transform;

  uses org.thalweg.api.engine.EngineProvider;
  uses org.thalweg.api.plugin.ThalwegPlugin;
}
