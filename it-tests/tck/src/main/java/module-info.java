/**
 * What every provider must do, as tests that its author extends: a class per contract, JUnit 5.
 *
 * <p>A plugin's test says which of its parts it tests, and inherits the rest:
 *
 * <pre>{@code
 * class MyTransformTest extends TransformContract {
 *   @Override
 *   protected Stream<Choice> subjects() {
 *     return Stream.of(Choice.of("my-transform"));
 *   }
 * }
 * }</pre>
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // DJL is automatic
module org.thalweg.tck {
  requires transitive org.junit.jupiter.api;
  requires org.junit.jupiter.params;
  requires transitive org.thalweg.api;
  requires org.thalweg.toolkit;

  exports org.thalweg.tck;

  opens org.thalweg.tck to
      org.junit.platform.commons;

  uses org.thalweg.api.plugin.ThalwegPlugin;
}
