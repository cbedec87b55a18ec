package org.thalweg.sbi;

import java.util.List;
import org.thalweg.api.inference.InferenceProvider;

/** The methods. */
final class Methods {
  private static final String SNPE =
      "Greenberg, Nonnenmacher, Macke: Automatic posterior transformation, 2019";
  private static final String SNL =
      "Papamakarios, Sterratt, Murray: Sequential neural likelihood, 2019";
  private static final String SRE =
      "Durkan, Murray, Papamakarios: On contrastive learning for likelihood-free inference, 2020";

  private Methods() {}

  /** All of them. */
  static List<InferenceProvider<?>> all() {
    return List.of(
        new MethodProvider<>(
            "npe",
            "a density of the parameters given the observation, for every observation at once",
            SNPE,
            DensityConfig.DEFAULT,
            config -> new PosteriorRecipe.Amortised("npe", config)),
        new MethodProvider<>(
            "snpe-c",
            "a density of the parameters, refined for one observation by atomic proposals",
            SNPE,
            AtomicConfig.DEFAULT,
            config -> new PosteriorRecipe.Atomic("snpe-c", config)),
        new MethodProvider<>(
            "tsnpe",
            "a density of the parameters, refined for one observation by truncating the prior",
            "Deistler, Goncalves, Macke: Truncated proposals for scalable and hassle-free"
                + " simulation-based inference, 2022",
            TruncatedConfig.DEFAULT,
            config -> new PosteriorRecipe.Truncated("tsnpe", config)),
        new MethodProvider<>(
            "nle",
            "a density of the observation given the parameters, sampled by Markov chains",
            SNL,
            DensityConfig.DEFAULT,
            config -> new LikelihoodRecipe("nle", config, Recipe.Rounds.ONE)),
        new MethodProvider<>(
            "snl",
            "a density of the observation, refined for one observation, sampled by Markov chains",
            SNL,
            DensityConfig.DEFAULT,
            config -> new LikelihoodRecipe("snl", config, Recipe.Rounds.MANY)),
        new MethodProvider<>(
            "nre",
            "the ratio of likelihood to evidence from a classifier, sampled by Markov chains",
            SRE,
            RatioConfig.DEFAULT,
            config -> new RatioRecipe("nre", config, Recipe.Rounds.ONE)),
        new MethodProvider<>(
            "sre",
            "the ratio, refined for one observation, sampled by Markov chains",
            SRE,
            RatioConfig.DEFAULT,
            config -> new RatioRecipe("sre", config, Recipe.Rounds.MANY)));
  }
}
