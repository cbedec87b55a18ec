package org.thalweg.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.thalweg.api.config.Choice;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.plugin.PluginOrigin;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.UnivariateProvider;

/** A contract passes a right provider, and fails each wrong one in the test that is about it. */
class MistakesTest {
  /** Which mistake the fixtures below make; they are run one after another. */
  private static Mistake current = Mistake.NONE;

  private static EstimatorProvider<?> trained = new LinearGaussian.Trained(Mistake.NONE);

  private static Registry wrong() {
    ThalwegPlugin plugin =
        new ThalwegPlugin() {
          @Override
          public List<UnivariateProvider<?>> univariates() {
            return List.of(new Affine.Provider(current));
          }

          @Override
          public List<TransformProvider<?>> transforms() {
            return List.of(new DiagonalTransform.Provider(current));
          }

          @Override
          public List<EstimatorProvider<?>> estimators() {
            return List.of(trained);
          }
        };
    return Registry.builder().add(plugin, new PluginOrigin("wrong", "1", "test")).build();
  }

  static class Univariates extends UnivariateContract {
    @Override
    protected Stream<Choice> subjects() {
      return Stream.of(Choice.of("bounded-affine"));
    }

    @Override
    protected Registry registry() {
      return wrong();
    }
  }

  static class Transforms extends TransformContract {
    @Override
    protected Stream<Choice> subjects() {
      return Stream.of(Choice.of("diagonal"));
    }

    @Override
    protected Registry registry() {
      return wrong();
    }
  }

  static class Estimators extends EstimatorContract {
    @Override
    protected Stream<Choice> subjects() {
      Map<String, Object> options =
          Map.of("epochs", 10, "batch-size", 100, "learning-rate", 0.05, "patience", 0);
      return Stream.of(new Choice("linear-gaussian", options));
    }

    @Override
    protected Registry registry() {
      return wrong();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,",
    "SIGN, theLogDerivativeIsThatOfACentralDifference",
    "INVERSE, inverseUndoesForward",
    "DECREASING, forwardIncreases",
    "OVERFLOW, edgesAndFarTailsAreFinite",
    "DEAD_PARAMETER, everyParameterMatters",
    "NEIGHBOURS, everyElementHasItsOwnMap",
    "IDENTITY, identityParametersGiveTheIdentity"
  })
  void univariates(Mistake mistake, String caught) {
    check(Univariates.class, mistake, caught);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,",
    "SIGN, logAbsDetIsThatOfTheNumericalJacobian",
    "INVERSE, eachDirectionUndoesTheOther",
    "OVERFLOW, farTailsAreFinite",
    "DEAD_PARAMETER, everyParameterHasAGradientAndItIsRight",
    "NEIGHBOURS, rowsDoNotDependOnTheirNeighbours"
  })
  void transforms(Mistake mistake, String caught) {
    check(Transforms.class, mistake, caught);
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,",
    "NOT_NORMALISED, integratesToOneOnTheLine",
    "NOT_NORMALISED, integratesToOneOnThePlaneAndSamplesAgree",
    "WIDE_SAMPLES, integratesToOneOnThePlaneAndSamplesAgree",
    "UNSEEDED, theSameSeedGivesTheSameBits",
    "IGNORED_CONTEXT, aContextIsUsedOrRefused",
    "CAPABILITY, declaredCapabilitiesAreThoseThereAre"
  })
  void estimators(Mistake mistake, String caught) {
    check(Estimators.class, mistake, caught);
  }

  private static void check(Class<?> contract, Mistake mistake, String caught) {
    current = mistake;
    trained = new LinearGaussian.Trained(mistake);
    TestExecutionSummary summary = run(contract);
    Set<String> failed = new TreeSet<>();
    summary
        .getFailures()
        .forEach(
            failure ->
                failure
                    .getTestIdentifier()
                    .getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(MethodSource.class::cast)
                    .ifPresent(source -> failed.add(source.getMethodName())));
    assertTrue(summary.getTestsStartedCount() > 5, "tests run");
    if (caught == null) {
      assertEquals(List.of(), summary.getFailures().stream().map(f -> f.getException()).toList());
    } else {
      assertTrue(failed.contains(caught), mistake + " was caught by " + failed);
    }
  }

  private static TestExecutionSummary run(Class<?> contract) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(contract)).build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }
}
