package org.thalweg.toolkit.config;

import org.thalweg.api.config.Choice;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Provider;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.api.transform.TransformProvider;
import org.thalweg.api.transform.Univariate;
import org.thalweg.api.transform.UnivariateProvider;

/** Builds parts that were chosen by name, whichever plugin offers them. */
public final class Parts {
  private Parts() {}

  /** The univariate family of a choice. */
  public static Univariate univariate(Registry registry, Choice choice) {
    return create(registry.univariate(choice.name()), choice);
  }

  /** The transform of a choice. */
  public static TrainableTransform transform(Choice choice, BuildContext context) {
    return create(context.registry().transform(choice.name()), choice, context);
  }

  /** The density of a choice. */
  public static TrainableDensity density(Choice choice, BuildContext context) {
    return create(context.registry().density(choice.name()), choice, context);
  }

  private static <C extends Record> Univariate create(
      UnivariateProvider<C> provider, Choice choice) {
    return provider.create(options(provider, choice));
  }

  private static <C extends Record> TrainableTransform create(
      TransformProvider<C> provider, Choice choice, BuildContext context) {
    return provider.create(options(provider, choice), context);
  }

  private static <C extends Record> TrainableDensity create(
      DensityProvider<C> provider, Choice choice, BuildContext context) {
    return provider.create(options(provider, choice), context);
  }

  private static <C extends Record> C options(Provider<C> provider, Choice choice) {
    try {
      return ConfigBinder.bind(provider.defaults(), choice.options());
    } catch (ThalwegException e) {
      throw new ThalwegException(e.exitCode(), "In '" + choice.name() + "': " + e.getMessage(), e);
    }
  }
}
