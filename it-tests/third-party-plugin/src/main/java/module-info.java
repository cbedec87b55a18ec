/** A third party's flow, as a module: it brings its own Guava and shares Thalweg's api. */
@SuppressWarnings("requires-automatic") // DJL is an automatic module
module com.acme.flow {
  requires com.google.common;
  requires org.thalweg.toolkit;
  requires static com.google.auto.service;

  // Options are records that the toolkit reads and builds.
  opens com.acme.flow to
      org.thalweg.toolkit;

  provides org.thalweg.api.plugin.ThalwegPlugin with
      com.acme.flow.AcmePlugin;
}
