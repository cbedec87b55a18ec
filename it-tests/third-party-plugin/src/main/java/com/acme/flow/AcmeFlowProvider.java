package com.acme.flow;

import com.google.common.io.BaseEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.thalweg.api.config.Choice;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.DensityProvider;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.transform.TrainableTransform;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.FlowDensity;
import org.thalweg.toolkit.flow.StandardNormal;

/** Registers a flow whose layers put the elements into another order and transform them. */
final class AcmeFlowProvider implements DensityProvider<AcmeFlowConfig> {
  @Override
  public String name() {
    return "acme-flow";
  }

  @Override
  public String summary() {
    return "Layers of shuffled sinh-arcsinh transforms of the elements, autoregressive.";
  }

  @Override
  public String paper() {
    return "Jones and Pewsey, Sinh-arcsinh distributions, Biometrika 96(4), 2009";
  }

  @Override
  public AcmeFlowConfig defaults() {
    return new AcmeFlowConfig(
        "0c1e", new Choice("autoregressive", Map.of("univariate", "sinh-arcsinh")));
  }

  @Override
  public boolean flow() {
    return true;
  }

  @Override
  public TrainableDensity create(AcmeFlowConfig config, BuildContext context) {
    List<TrainableTransform> layers = new ArrayList<>();
    for (byte order : orders(config.orders())) {
      layers.add(Parts.transform(config.transform(), context.child("layer" + layers.size())));
      layers.add(new Shuffle(context.eventSize(), order));
    }
    return new FlowDensity(context, layers, new StandardNormal(context.eventShape()));
  }

  /** Since Guava 32: with the older one that Thalweg ships, this method is missing. */
  private static byte[] orders(String hexadecimal) {
    if (hexadecimal.isEmpty() || !BaseEncoding.base16().ignoreCase().canDecode(hexadecimal)) {
      throw ThalwegException.usage(
          "Option 'orders' takes two hexadecimal digits a layer, such as 0c1e, got '%s'.",
          hexadecimal);
    }
    return BaseEncoding.base16().ignoreCase().decode(hexadecimal);
  }
}
