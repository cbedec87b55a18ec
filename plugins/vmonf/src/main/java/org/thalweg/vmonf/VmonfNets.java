package org.thalweg.vmonf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.plugin.Registry;
import org.thalweg.toolkit.nn.Head;
import org.thalweg.toolkit.nn.Ops;
import org.thalweg.toolkit.nn.ResidualNet;

/**
 * The two parts of the model: the mixture p(x, c) and the net of the variational posterior q(c |
 * x).
 */
record VmonfNets(Mixture mixture, ResidualNet classifier) {
  static VmonfNets build(
      VmonfConfig config, Schema schema, ParameterScope scope, Registry registry) {
    int d = schema.features().size();
    int c = schema.contexts().size();
    var context = new BuildContext(new Shape(d), new Shape(c), scope.child("mixture"), registry);
    var classifier =
        new ResidualNet(
            scope.child("classifier"),
            d,
            c,
            config.net(),
            config.components(),
            Head.usual(config.hidden()));
    return new VmonfNets(new Mixture(config, context), classifier);
  }

  /**
   * What both parts say of rows.
   *
   * @param logJoint log p(x, c), {@code [N, K]}
   * @param logPosterior log q(c | x), {@code [N, K]}
   */
  record Said(NDArray logJoint, NDArray logPosterior) {
    /** The evidence lower bound of each row, {@code [N]} (eq. 1). */
    NDArray bound() {
      return logPosterior.exp().mul(logJoint.sub(logPosterior)).sum(new int[] {1});
    }
  }

  /** Both parts of rows {@code [N, D]}, at a temperature of the posterior. */
  Said of(NDArray x, Context context, Binding binding, double temperature) {
    NDArray joint = mixture.bind(binding.child("mixture")).given(context).logJoint(x);
    return new Said(joint, posterior(x, context, binding, temperature));
  }

  /** log q(c | x), {@code [N, K]}. */
  NDArray posterior(NDArray x, Context context, Binding binding, double temperature) {
    Optional<NDArray> rows =
        context instanceof Context.Of of ? Optional.of(of.rows()) : Optional.empty();
    NDArray logits = classifier.bind(binding.child("classifier")).given(rows).apply(x);
    return Ops.logSoftmax(logits.div(temperature));
  }
}
