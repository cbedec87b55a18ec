package org.thalweg.sbi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.inference.Check;
import org.thalweg.api.inference.Diagnostics.Verdict;
import org.thalweg.api.random.Seed;
import org.thalweg.sbi.sampler.Chains;
import org.thalweg.sbi.sampler.HamiltonianSampler;
import org.thalweg.sbi.sampler.MarkovChains;
import org.thalweg.sbi.sampler.RejectionSampler;
import org.thalweg.sbi.sampler.SamplerConfig;
import org.thalweg.sbi.sampler.SliceSampler;
import org.thalweg.sbi.sampler.WeightedDraws;
import org.thalweg.toolkit.infer.ChainDiagnostics;

/** Draws parameters from what was learnt, for one group of observations or many. */
final class PosteriorSampler {
  /** Below this share of draws inside the support, chains are cheaper than throwing away. */
  static final double LEAST_ACCEPTANCE = 0.01;

  /** Fewer draws than these say nothing about an acceptance of one in a hundred. */
  private static final int FIRST_DRAWS = 2000;

  /** Draws that the mass inside the support is measured by: to about a hundredth. */
  private static final int MASS_DRAWS = 10_000;

  /** The same draws each time: a density is a function of its argument. */
  private static final Seed MASS_SEED = new Seed(1);

  /** Chains that move at once: what fits a net's cache. */
  private static final int MOST_CHAINS = 4096;

  /** Draws of each chain that its diagnostics need. */
  private static final int DRAWS_PER_CHAIN = 4;

  /** Starts that are worth so many draws of the posterior have its modes in proportion. */
  private static final double ENOUGH_STARTS = 200;

  /** Starts that would take more times the candidates than this are left to the chains. */
  private static final int MOST_TIMES = 50;

  /** Above this R-hat chains of a few dozen draws have not met. */
  private static final double MET = 1.05;

  /** Above this R-hat they are in different places. */
  private static final double APART = 1.3;

  /** Draws of the prior that are worth fewer of the posterior are too few of it. */
  private static final double ENOUGH_IMPORTANCE = 100;

  /** Chains of each group where there are many groups. */
  private static final int FEWEST_CHAINS = 10;

  /** Draws of the prior for each group where there are many groups. */
  private static final int FEWEST_CANDIDATES = 1000;

  private final Learnt learnt;
  private final SamplerConfig config;

  PosteriorSampler(Learnt learnt, SamplerConfig config) {
    this.learnt = learnt;
    this.config = config;
  }

  /** Whether draws for one observation are independent, and cost next to nothing. */
  boolean independent() {
    return direct()
        && (config.sampler() == SamplerConfig.Kind.AUTO
            || config.sampler() == SamplerConfig.Kind.DIRECT);
  }

  private boolean direct() {
    return learnt.net() instanceof Net.OfPosterior;
  }

  /**
   * Parameters drawn, with what was seen on the way.
   *
   * @param parameters {@code [N * K, P]}, K consecutive rows for each group
   * @param judgement acceptance, R-hat and the like
   */
  record Drawn(Matrix parameters, Judgement judgement) {}

  /**
   * Draws for groups of observations.
   *
   * @param perGroup K
   * @param observations {@code [N * each, X]}
   * @param each the observations of a group, independent given its parameters
   */
  Drawn draw(int perGroup, Matrix observations, int each, Seed seed) {
    Judgement judgement = new Judgement();
    if (perGroup == 0 || observations.rows() == 0) {
      return new Drawn(Matrix.zeros(0, learnt.space().names().size()), judgement);
    }
    boolean one = each == 1 && direct();
    Matrix parameters =
        switch (config.sampler()) {
          case AUTO, DIRECT ->
              one
                  ? direct(perGroup, observations, seed, judgement)
                  : chains(perGroup, observations, each, seed, judgement);
          case SLICE, HMC -> chains(perGroup, observations, each, seed, judgement);
          case REJECTION -> rejected(perGroup, observations, each, seed, judgement);
          case SIR -> resampled(perGroup, observations, each, seed, judgement);
        };
    return new Drawn(parameters, judgement);
  }

  /** Draws of the density, those outside the support drawn again. */
  private Matrix direct(int perGroup, Matrix observations, Seed seed, Judgement judgement) {
    int n = observations.rows();
    int p = learnt.space().names().size();
    Matrix out = Matrix.zeros(n * perGroup, p);
    int[] have = new int[n];
    long drawn = 0;
    long inside = 0;
    double[] scaled = learnt.scale().apply(observations);
    int width = learnt.scale().size();
    for (int attempt = 0; ; attempt++) {
      int[] open = IntStream.range(0, n).filter(i -> have[i] < perGroup).toArray();
      if (open.length == 0) {
        break;
      }
      int most = Arrays.stream(open).map(i -> perGroup - have[i]).max().orElseThrow();
      int draws = attempt == 0 ? most : Math.max(most, FIRST_DRAWS / open.length);
      double[] of = new Matrix(n, width, scaled).select(open).values();
      double[] points = learnt.draw(draws, of, seed.child(attempt));
      boolean[] kept = keep(points);
      Matrix parameters = learnt.space().parameters(cleaned(points));
      boolean[] within = learnt.space().inside(parameters);
      for (int g = 0; g < open.length; g++) {
        for (int i = g * draws; i < (g + 1) * draws; i++) {
          drawn++;
          if (kept[i] && within[i]) {
            inside++;
            if (have[open[g]] < perGroup) {
              int row = open[g] * perGroup + have[open[g]]++;
              System.arraycopy(parameters.values(), i * p, out.values(), row * p, p);
            }
          }
        }
      }
      if (drawn >= FIRST_DRAWS && inside < LEAST_ACCEPTANCE * drawn) {
        accepted(
            judgement,
            (double) inside / drawn,
            "Of %d draws %d were inside the prior's support, so chains inside it were used "
                + "instead: most of the density's mass is where no parameter can be.",
            drawn,
            inside);
        return chains(perGroup, observations, 1, seed.child("fallback"), judgement);
      }
    }
    double share = (double) inside / drawn;
    accepted(judgement, share, "%.1f %% of the draws are inside the prior's support.", 100 * share);
    return out;
  }

  private static void accepted(Judgement judgement, double share, String said, Object... values) {
    judgement.check(
        Check.atLeast("acceptance", share, LEAST_ACCEPTANCE, said.formatted(values)),
        Verdict.DOUBTFUL);
  }

  /**
   * The log of the share of a posterior's density that lies inside the support, which it is to be
   * divided by there; 0 where the support is mapped, and for what is not normalised anyway.
   *
   * @return one number for each group of observations
   */
  double[] logMass(Matrix observations, int each) {
    double[] out = new double[observations.rows() / each];
    if (!direct() || each > 1 || learnt.space().everywhere()) {
      return out;
    }
    for (int g = 0; g < out.length; g++) {
      double[] scaled = learnt.scale().apply(observations.slice(g, g + 1));
      double[] points = learnt.draw(MASS_DRAWS, scaled, MASS_SEED);
      boolean[] kept = keep(points);
      boolean[] within = learnt.space().inside(learnt.space().parameters(cleaned(points)));
      long inside = IntStream.range(0, kept.length).filter(i -> kept[i] && within[i]).count();
      // Half a draw where there was none, so that the density stays finite.
      out[g] = Math.log(Math.max(0.5, inside) / MASS_DRAWS);
    }
    return out;
  }

  private boolean[] keep(double[] points) {
    int p = learnt.space().dimension();
    boolean[] out = new boolean[points.length / p];
    for (int i = 0; i < out.length; i++) {
      out[i] = Arrays.stream(points, i * p, (i + 1) * p).allMatch(Double::isFinite);
    }
    return out;
  }

  private static double[] cleaned(double[] points) {
    return Arrays.stream(points).map(v -> Double.isFinite(v) ? v : 0).toArray();
  }

  private Matrix chains(
      int perGroup, Matrix observations, int each, Seed seed, Judgement judgement) {
    int groups = observations.rows() / each;
    return chains(perGroup, observations, each, most(groups, each), seed, judgement);
  }

  /** Of many groups none has time for more draws than the first. */
  private static int most(int groups, int each) {
    return groups == 1 ? Math.max(1, MOST_TIMES / each) : 1;
  }

  private Matrix chains(
      int perGroup, Matrix observations, int each, int most, Seed seed, Judgement judgement) {
    int groups = observations.rows() / each;
    int wanted = Math.max(config.chains() / groups, FEWEST_CHAINS);
    int chains = Math.max(1, Math.min(wanted, perGroup / DRAWS_PER_CHAIN));
    int draws = (perGroup + chains - 1) / chains;
    int atOnce = Math.max(1, MOST_CHAINS / chains);
    int p = learnt.space().names().size();
    Matrix out = Matrix.zeros(groups * perGroup, p);
    for (int from = 0; from < groups; from += atOnce) {
      int to = Math.min(groups, from + atOnce);
      Matrix some = observations.slice(from * each, to * each);
      Started drawn = chains(some, each, chains, draws, most, seed.child(from));
      if (groups == 1) {
        judge(drawn, judgement);
      }
      for (int g = from; g < to; g++) {
        Matrix[] own =
            Arrays.copyOfRange(
                drawn.chains().draws(), (g - from) * chains, (g - from + 1) * chains);
        Matrix together = new Chains(own, 0, 0, 0).together().slice(0, perGroup);
        Matrix parameters = learnt.space().parameters(together.values());
        System.arraycopy(parameters.values(), 0, out.values(), g * perGroup * p, perGroup * p);
      }
    }
    return out;
  }

  /**
   * Chains with what their starts were worth.
   *
   * @param chains what they drew
   * @param effective the fewest draws of the posterior that a group's candidates are worth
   */
  private record Started(Chains chains, double effective) {}

  private Started chains(
      Matrix observations, int each, int chains, int draws, int most, Seed seed) {
    int groups = observations.rows() / each;
    int p = learnt.space().dimension();
    double[] scaled = learnt.scale().apply(observations);
    Matrix starts = Matrix.zeros(groups * chains, p);
    double effective = Double.POSITIVE_INFINITY;
    for (int g = 0; g < groups; g++) {
      Matrix own = observations.slice(g * each, (g + 1) * each);
      int candidates = Math.max(FEWEST_CANDIDATES, config.candidates() / groups);
      Seed start = seed.child("start").child(g);
      WeightedDraws weighted = weighted(own, each, candidates, start);
      weighted = enough(weighted, most, own, each, start);
      effective = Math.min(effective, weighted.effective());
      Matrix chosen = weighted.resample(chains, seed.child("resample").child(g));
      System.arraycopy(chosen.values(), 0, starts.values(), g * chains * p, chains * p);
    }
    int width = each * learnt.scale().size();
    double[] perChain = new double[groups * chains * width];
    for (int c = 0; c < groups * chains; c++) {
      System.arraycopy(scaled, c / chains * width, perChain, c * width, width);
    }
    var potential = new PosteriorPotential(learnt, groups == 1 ? scaled : perChain, each);
    MarkovChains sampler =
        config.sampler() == SamplerConfig.Kind.HMC
            ? new HamiltonianSampler(potential, config.warmup(), config.thin(), config.leapfrogs())
            : new SliceSampler(potential, config.warmup(), config.thin(), 1);
    return new Started(sampler.run(starts, draws, seed.child("chains")), effective);
  }

  /**
   * More draws of the prior where that gives enough starts: a narrow posterior is seldom hit, but a
   * net looks at a million points in seconds.
   *
   * @param most times the first draws
   */
  private WeightedDraws enough(WeightedDraws first, int most, Matrix own, int each, Seed seed) {
    if (first.effective() * most < ENOUGH_STARTS) {
      return first;
    }
    int chunk = first.logWeights().length;
    List<WeightedDraws> all = new ArrayList<>(List.of(first));
    WeightedDraws together = first;
    while (together.effective() < ENOUGH_STARTS && all.size() < most) {
      all.add(weighted(own, each, chunk, seed.child("more").child(all.size())));
      together = WeightedDraws.together(all);
    }
    return together;
  }

  /** Draws of the prior, with posterior over prior as weight. */
  private WeightedDraws weighted(Matrix own, int each, int candidates, Seed seed) {
    double[] points = learnt.space().points(learnt.space().sample(candidates, seed));
    var potential = new PosteriorPotential(learnt, learnt.scale().apply(own), each);
    double[] weights = potential.logDensity(new int[candidates], points);
    double[] prior = learnt.space().logPrior(points);
    for (int i = 0; i < weights.length; i++) {
      weights[i] -= prior[i];
      weights[i] = Double.isNaN(weights[i]) ? Double.NEGATIVE_INFINITY : weights[i];
    }
    return new WeightedDraws(new Matrix(candidates, learnt.space().dimension(), points), weights);
  }

  private Matrix resampled(
      int perGroup, Matrix observations, int each, Seed seed, Judgement judgement) {
    int groups = observations.rows() / each;
    int p = learnt.space().names().size();
    Matrix out = Matrix.zeros(groups * perGroup, p);
    double least = Double.POSITIVE_INFINITY;
    for (int g = 0; g < groups; g++) {
      Matrix own = observations.slice(g * each, (g + 1) * each);
      int candidates = Math.max(config.candidates(), perGroup);
      WeightedDraws weighted = weighted(own, each, candidates, seed.child(g));
      least = Math.min(least, weighted.effective());
      Matrix chosen = weighted.resample(perGroup, seed.child("resample").child(g));
      Matrix parameters = learnt.space().parameters(chosen.values());
      System.arraycopy(parameters.values(), 0, out.values(), g * perGroup * p, perGroup * p);
    }
    String worth =
        "The draws of the prior are worth %.1f draws of the posterior: raise candidates, or sample by slice or hmc.";
    judgement.check(
        Check.atLeast("importance_ess", least, ENOUGH_IMPORTANCE, worth.formatted(least)),
        Verdict.DOUBTFUL);
    return out;
  }

  private Matrix rejected(
      int perGroup, Matrix observations, int each, Seed seed, Judgement judgement) {
    int groups = observations.rows() / each;
    int p = learnt.space().names().size();
    Matrix out = Matrix.zeros(groups * perGroup, p);
    double least = 1;
    boolean enough = true;
    for (int g = 0; g < groups; g++) {
      Matrix own = observations.slice(g * each, (g + 1) * each);
      long most = Math.max(FIRST_DRAWS, (long) (perGroup / LEAST_ACCEPTANCE));
      var sampler = new RejectionSampler((n, s) -> weighted(own, each, n, s), 10_000, most);
      RejectionSampler.Kept kept = sampler.draw(perGroup, seed.child(g));
      least = Math.min(least, kept.acceptance());
      Matrix parameters;
      if (kept.points().rows() == perGroup) {
        parameters = learnt.space().parameters(kept.points().values());
      } else {
        enough = false;
        parameters =
            chains(
                perGroup,
                own,
                each,
                most(groups, each),
                seed.child("fallback").child(g),
                judgement);
      }
      System.arraycopy(parameters.values(), 0, out.values(), g * perGroup * p, perGroup * p);
    }
    judgement.figure("acceptance", least);
    if (!enough) {
      accepted(
          judgement,
          least,
          "Rejection sampling kept %.2g of the prior's draws, so chains were used instead.",
          least);
    }
    return out;
  }

  /** R-hat and effective sample sizes of each parameter, and the worst of them. */
  private void judge(Started started, Judgement judgement) {
    Chains drawn = started.chains();
    int draws = drawn.draws()[0].rows();
    if (draws < DRAWS_PER_CHAIN || drawn.draws().length < 2) {
      judgement.notMade(
          "r_hat", "It needs 2 chains of %d draws at least: ask for more draws.", DRAWS_PER_CHAIN);
      return;
    }
    Matrix[] chains =
        Arrays.stream(drawn.draws())
            .map(chain -> learnt.space().parameters(chain.values()))
            .toArray(Matrix[]::new);
    Chains parameters = new Chains(chains, 0, 0, 0);
    List<ChainDiagnostics> each =
        IntStream.range(0, learnt.space().names().size())
            .mapToObj(j -> ChainDiagnostics.of(parameters.coordinate(j)))
            .toList();
    List<Double> rHats = each.stream().map(ChainDiagnostics::rHat).toList();
    List<Double> bulk = each.stream().map(ChainDiagnostics::bulkEss).toList();
    List<Double> tail = each.stream().map(ChainDiagnostics::tailEss).toList();
    double rHat = Collections.max(rHats);
    judgement.perParameter("r_hat", rHats).perParameter("ess", bulk).perParameter("tail_ess", tail);
    judgement
        .figure("r_hat", rHat)
        .figure("ess", Collections.min(bulk))
        .figure("tail_ess", Collections.min(tail));
    if (config.sampler() == SamplerConfig.Kind.HMC) {
      judgement.figure("hmc_acceptance", drawn.acceptance());
    }
    met(rHat, started.effective(), judgement);
  }

  /** Chains that started as draws of the posterior need not cross between its modes. */
  private static void met(double rHat, double effective, Judgement judgement) {
    judgement.figure("start_ess", effective);
    if (effective >= ENOUGH_STARTS) {
      judgement.notMade(
          "r_hat",
          "It is %.3f; chains that start as draws of the posterior need not cross its modes.",
          rHat);
      return;
    }
    boolean apart = rHat > APART;
    String said =
        apart
            ? "The chains did not meet: R-hat is %.2f, and their starts are worth %.1f draws. Raise "
                + "warmup, thin and candidates."
            : rHat > MET
                ? "The chains have not quite met: R-hat is %.3f. Raise warmup and thin."
                : "The chains have met: R-hat is %.3f.";
    judgement.check(
        Check.atMost("r_hat", rHat, MET, said.formatted(rHat, effective)),
        apart ? Verdict.DO_NOT_USE : Verdict.DOUBTFUL);
  }
}
