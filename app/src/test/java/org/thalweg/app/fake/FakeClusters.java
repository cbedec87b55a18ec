package org.thalweg.app.fake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.thalweg.api.data.Dataset;
import org.thalweg.api.data.Matrix;
import org.thalweg.api.data.Rows;
import org.thalweg.api.estimator.Assignment;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.LogDensity;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelCard;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.api.estimator.ModelWriter;
import org.thalweg.api.plugin.ThalwegPlugin;
import org.thalweg.api.random.Seed;
import org.thalweg.toolkit.train.Training;

/**
 * Two clusters of one column x. Its log-density is -x, and is not a number below 0; what the
 * clusters' probabilities are is not a number above 10, and else 1 and 0. It does not learn.
 */
public final class FakeClusters implements ThalwegPlugin, EstimatorProvider<Training> {
  @Override
  public List<EstimatorProvider<?>> estimators() {
    return List.of(this);
  }

  @Override
  public String name() {
    return "fake-clusters";
  }

  @Override
  public String summary() {
    return "two clusters with gaps";
  }

  @Override
  public Training defaults() {
    return Training.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.LOG_DENSITY, Capability.ASSIGNMENT);
  }

  @Override
  public boolean conditional() {
    return false;
  }

  @Override
  public Estimator create(Training config, EstimatorContext context) {
    return (data, options, listener) -> new Clusters(card(data, options.seed()));
  }

  private ModelCard card(Dataset data, Seed seed) {
    return new ModelCard(
        name(), defaults(), data.schema(), seed.value(), "cpu FLOAT32", new java.util.TreeMap<>());
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    return new Clusters(reader.card());
  }

  private record Clusters(ModelCard card) implements Model, LogDensity, Assignment {
    @Override
    public void save(ModelWriter writer) {
      writer.value("state", Map.of());
    }

    @Override
    public List<Named> densities() {
      return List.of(Named.exact("gaps"));
    }

    @Override
    public Scores logDensity(Named density, Rows rows, Seed seed) {
      double[] x = rows.features().column(0);
      return new Scores(
          Arrays.stream(x).map(v -> v < 0 ? Double.NaN : -v).toArray(), Optional.empty());
    }

    @Override
    public int components() {
      return 2;
    }

    @Override
    public Matrix probabilities(Rows rows) {
      Matrix out = Matrix.zeros(rows.size(), 2);
      for (int i = 0; i < rows.size(); i++) {
        boolean far = rows.features().get(i, 0) > 10;
        out.values()[2 * i] = far ? Double.NaN : 1;
        out.values()[2 * i + 1] = far ? Double.NaN : 0;
      }
      return out;
    }

    @Override
    public void close() {}
  }
}
