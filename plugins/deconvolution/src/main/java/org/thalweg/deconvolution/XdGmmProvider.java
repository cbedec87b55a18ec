package org.thalweg.deconvolution;

import java.util.EnumSet;
import java.util.Set;
import org.thalweg.api.data.Role;
import org.thalweg.api.data.Schema;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.Capability;
import org.thalweg.api.estimator.Estimator;
import org.thalweg.api.estimator.EstimatorContext;
import org.thalweg.api.estimator.EstimatorProvider;
import org.thalweg.api.estimator.Model;
import org.thalweg.api.estimator.ModelReader;
import org.thalweg.toolkit.data.Standardiser;

/** Registers the estimator {@code xd-gmm}. */
public final class XdGmmProvider implements EstimatorProvider<XdGmmConfig> {
  @Override
  public String name() {
    return "xd-gmm";
  }

  @Override
  public String summary() {
    return "density of noise-free rows from noisy ones, as a mixture of Gaussians fitted by extreme"
        + " deconvolution";
  }

  @Override
  public String paper() {
    return "Bovy, Hogg, Roweis: Extreme Deconvolution, 2011";
  }

  @Override
  public XdGmmConfig defaults() {
    return XdGmmConfig.DEFAULT;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.LOG_DENSITY, Capability.SAMPLER, Capability.LATENT_POSTERIOR);
  }

  @Override
  public boolean conditional() {
    return false;
  }

  @Override
  public boolean missing() {
    return true;
  }

  @Override
  public Set<Role> roles() {
    return EnumSet.of(Role.FEATURE, Role.WEIGHT, Role.NOISE_SD, Role.NOISE_COV);
  }

  @Override
  public Estimator create(XdGmmConfig config, EstimatorContext context) {
    return (data, options, listener) ->
        new XdGmm(name(), config, context.engine()).fit(data, options, listener);
  }

  @Override
  public Model load(ModelReader reader, EstimatorContext context) {
    Schema schema = reader.card().schema();
    Mixture mixture =
        XdState.load(reader, "mixture")
            .filter(m -> m.dimension() == schema.features().size() && m.finite())
            .orElseThrow(
                () ->
                    ThalwegException.data(
                        "The model file holds no mixture of Gaussians in %d dimensions.",
                        schema.features().size()));
    Standardiser standardiser = Standardiser.of(schema, reader.values().get("standardiser"));
    return new XdGmmModel(reader.card(), mixture, standardiser, context.engine().parallelism());
  }
}
