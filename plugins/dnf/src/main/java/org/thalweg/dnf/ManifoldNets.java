package org.thalweg.dnf;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Schema;
import org.thalweg.api.density.Binding;
import org.thalweg.api.density.BuildContext;
import org.thalweg.api.density.Context;
import org.thalweg.api.density.Flow;
import org.thalweg.api.density.ParameterScope;
import org.thalweg.api.density.TrainableDensity;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.random.Seed;
import org.thalweg.api.transform.Mapped;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.nn.Ops;

/**
 * A manifold of dimension d in D columns: f maps rows to (u, v), of which u are coordinates on the
 * manifold and v is 0 on it (eqs. 9 and 10); h maps u to noise (Brehmer and Cranmer, 2020, section
 * 3).
 */
record ManifoldNets(TrainableDensity f, TrainableDensity h, int dimension, int columns) {
  static ManifoldNets build(
      ManifoldConfig config,
      int dimension,
      Schema schema,
      ParameterScope scope,
      Registry registry) {
    int columns = schema.features().size();
    Shape given = new Shape(schema.contexts().size());
    var outer = new BuildContext(new Shape(columns), given, scope.child("f"), registry);
    var inner = new BuildContext(new Shape(dimension), given, scope.child("h"), registry);
    return new ManifoldNets(
        flow("flow", config.flow(), outer),
        flow("latent", config.latent(), inner),
        dimension,
        columns);
  }

  private static TrainableDensity flow(String option, Choice choice, BuildContext context) {
    if (!context.registry().density(choice.name()).flow()) {
      throw ThalwegException.usage(
          "Option '%s' takes a flow, a density that is a map to noise; '%s' is none. Try"
              + " nsf-coupling, realnvp, maf or flow.",
          option, choice.name());
    }
    return Parts.density(choice, context);
  }

  /** Both flows on a tape. */
  Bound bind(Binding binding, Context context) {
    return new Bound(
        (Flow) f.bind(binding.child("f")).given(context),
        (Flow) h.bind(binding.child("h")).given(context));
  }

  /**
   * A row's place.
   *
   * @param u coordinates on the manifold, {@code [N, d]}
   * @param v coordinates across it, {@code [N, D - d]}
   * @param logAbsDet log |det d(u, v) / dx|, {@code [N]}
   */
  record Place(NDArray u, NDArray v, NDArray logAbsDet) {
    /** log N(v; 0, sd^2), {@code [N]}. */
    NDArray logAcross(double sd) {
      double constant = -v.getShape().get(1) * (Math.log(sd) + 0.5 * Math.log(2 * Math.PI));
      return v.div(sd).square().sum(new int[] {1}).mul(-0.5).add(constant);
    }
  }

  /** Both flows, given a batch of contexts. */
  final class Bound {
    private final Flow outer;
    private final Flow inner;

    private Bound(Flow outer, Flow inner) {
      this.outer = outer;
      this.inner = inner;
    }

    /** Where rows {@code [N, D]} lie (eq. 9). */
    Place place(NDArray x) {
      Mapped mapped = outer.transform().forward(x);
      NDArray z = mapped.value();
      return new Place(
          z.get(new NDIndex(":, :{}", dimension)),
          z.get(new NDIndex(":, {}:", dimension)),
          mapped.logAbsDet());
    }

    /** The points of the manifold at u, {@code [N, D]}: f(Pad(u)) (eqs. 10 and 11). */
    NDArray onManifold(NDArray u) {
      NDArray zeros =
          u.getManager()
              .zeros(new Shape(u.getShape().get(0), columns - dimension), u.getDataType());
      return outer.transform().inverse(Ops.concat(new NDList(u, zeros), 1)).value();
    }

    /** log p(u), {@code [N]}. */
    NDArray logCoordinates(NDArray u) {
      return inner.logDensity(u);
    }

    /** The noise that coordinates stand for. */
    NDArray toNoise(NDArray u) {
      return inner.transform().forward(u).value();
    }

    /** The coordinates of noise. */
    NDArray fromNoise(NDArray noise) {
      return inner.transform().inverse(noise).value();
    }

    /** Draws of coordinates. */
    NDArray drawCoordinates(int perContext, Seed seed) {
      return inner.sampleWithLogDensity(perContext, seed).value();
    }
  }
}
