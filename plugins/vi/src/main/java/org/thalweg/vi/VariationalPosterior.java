package org.thalweg.vi;

import java.util.List;
import java.util.Optional;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.inference.Diagnostics;
import org.thalweg.api.inference.Graph;
import org.thalweg.api.inference.Posterior;
import org.thalweg.api.inference.Problem;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.infer.RealMap;
import org.thalweg.toolkit.infer.ScoredSampler;
import org.thalweg.toolkit.infer.StoredDiagnostics;

/** An approximation in the user's units, with an exact log-density of its own. */
final class VariationalPosterior implements Posterior, ScoredSampler {
  private final Problem problem;
  private final RealMap map;
  private final Approximation approximation;
  private final Diagnostics diagnostics;

  VariationalPosterior(Problem problem, Approximation approximation, Diagnostics diagnostics) {
    this.problem = problem;
    this.map = new RealMap(problem.parameters());
    this.approximation = approximation;
    this.diagnostics = diagnostics;
  }

  @Override
  public Problem problem() {
    return problem;
  }

  @Override
  public Matrix sample(int n, Seed seed) {
    return map.fromReals(approximation.draw(n, seed).reals()).values();
  }

  @Override
  public Scored sampleWithLogDensity(int n, Seed seed) {
    Approximation.Drawn drawn = approximation.draw(n, seed);
    RealMap.Points points = map.fromReals(drawn.reals());
    double[] logDensity = drawn.logDensity();
    for (int i = 0; i < n; i++) {
      logDensity[i] -= points.logAbsDet()[i];
    }
    return new Scored(points.values(), logDensity);
  }

  @Override
  public Optional<LogDensity.Relation> logDensityRelation() {
    return Optional.of(LogDensity.Relation.EXACT);
  }

  @Override
  public double[] logDensity(Matrix parameters) {
    return approximation.logDensity(map, parameters);
  }

  @Override
  public Diagnostics diagnostics() {
    return diagnostics;
  }

  @Override
  public List<Graph> graphs() {
    return WarpedGrid.of(approximation, map, problem.parameterNames());
  }

  @Override
  public void save(ModelWriter writer) {
    approximation.frame().save(writer);
    approximation.store().save(writer);
    writer.value("diagnostics", StoredDiagnostics.toMap(diagnostics));
  }

  /** What was judged when the posterior was made. */
  static Diagnostics diagnostics(ModelReader reader) {
    return StoredDiagnostics.of(reader.values().get("diagnostics"));
  }

  @Override
  public void close() {
    // The engine is the caller's.
  }
}
