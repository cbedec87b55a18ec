package org.thalweg.harness;

/** Java sources of small plugins. */
final class PluginSources {
  private PluginSources() {}

  /** A class that is a plugin. */
  static String plugin(String className, String inConstructor, String members) {
    int dot = className.lastIndexOf('.');
    return """
        package %s;

        public final class %s implements org.thalweg.api.plugin.ThalwegPlugin {
          public %2$s() {
            %s
          }
          %s
        }
        """
        .formatted(
            className.substring(0, dot), className.substring(dot + 1), inConstructor, members);
  }

  /** The member by which a plugin offers a univariate family: the identity. */
  static String univariates(String name) {
    return """
        @Override
        public java.util.List<org.thalweg.api.transform.UnivariateProvider<?>> univariates() {
          return java.util.List.of(new Identity());
        }

        public record Options() {}

        static final class Identity
            implements org.thalweg.api.transform.UnivariateProvider<Options>,
                org.thalweg.api.transform.Univariate {
          @Override public String name() { return "%s"; }
          @Override public String summary() { return "The identity."; }
          @Override public Options defaults() { return new Options(); }
          @Override public org.thalweg.api.transform.Univariate create(Options config) {
            return this;
          }
          @Override public int parameterCount() { return 1; }
          @Override public double[] identity() { return new double[1]; }
          @Override public org.thalweg.api.transform.Elementwise forward(
              org.thalweg.api.engine.Tape tape,
              ai.djl.ndarray.NDArray x,
              ai.djl.ndarray.NDArray parameters) {
            return new org.thalweg.api.transform.Elementwise(x, x.zerosLike());
          }
          @Override public org.thalweg.api.transform.Elementwise inverse(
              org.thalweg.api.engine.Tape tape,
              ai.djl.ndarray.NDArray y,
              ai.djl.ndarray.NDArray parameters) {
            return forward(tape, y, parameters);
          }
        }
        """
        .formatted(name);
  }
}
