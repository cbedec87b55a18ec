/** The command line: commands, tables, pictures, plugin directories and the composition root. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // DJL, Guice, DuckDB and XChart are automatic modules
module org.thalweg.app {
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires com.google.guice;
  requires duckdb.jdbc;
  requires info.picocli;
  requires jakarta.inject;
  requires java.desktop;
  requires java.sql;
  requires me.tongfei.progressbar;
  requires org.knowm.xchart;
  requires org.thalweg.toolkit;

  opens org.thalweg.app.command to
      com.google.guice,
      info.picocli;
  opens org.thalweg.app.fit to
      com.google.guice;
  opens org.thalweg.app.infer to
      com.google.guice;
  opens org.thalweg.app.wiring to
      com.google.guice;

  uses org.thalweg.api.engine.EngineProvider;
  uses org.thalweg.api.plugin.ThalwegPlugin;
}
