package org.thalweg.dnf;

import java.util.List;
import org.thalweg.api.data.Rows;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.estimator.ModelCard;

/**
 * A trained denoising flow, of two densities:
 *
 * <ul>
 *   <li>{@code inflated}: the density of rows with the noise added, over all columns
 *   <li>{@code manifold}: the density on the manifold, with respect to its volume in the user's
 *       units, by deflation: the inflated one at the row itself, over the noise's density at 0 in
 *       the directions across (eq. 8, Proposition 1). Where the coordinates across the manifold are
 *       longer than {@code cutoff} sigma, it is 0 (section 5.1); {@code manifold:0.5} has another
 *       cut-off, {@code manifold:0} none
 * </ul>
 */
final class DnfModel extends ManifoldModel {
  private static final Named INFLATED = Named.exact("inflated");
  private static final Named MANIFOLD =
      new Named("manifold", Relation.EXACT, Measure.MANIFOLD, false);

  DnfModel(ModelCard card, Made made) {
    super(card, made);
  }

  @Override
  DnfModel with(ModelCard other) {
    return new DnfModel(other, made());
  }

  private DnfConfig config() {
    return (DnfConfig) card().config();
  }

  @Override
  public List<Named> densities() {
    return List.of(INFLATED, MANIFOLD);
  }

  @Override
  public Named density(String name) {
    if (!name.startsWith(MANIFOLD.name() + ":")) {
      return super.density(name);
    }
    cutoff(name); // refuses what is none
    return new Named(name, MANIFOLD.relation(), MANIFOLD.measure(), MANIFOLD.stochastic());
  }

  private double cutoff(String name) {
    if (name.equals(MANIFOLD.name())) {
      return config().cutoff();
    }
    String text = name.substring(MANIFOLD.name().length() + 1);
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw ThalwegException.usage(
          "'%s' needs a number of sigma after the colon, 0 or more, such as manifold:0.5.", name);
    }
    return value;
  }

  @Override
  double[] logDensity(Named named, Rows rows) {
    return named.equals(INFLATED) ? inflated(rows) : manifold(rows, cutoff(named.name()));
  }

  private double[] inflated(Rows rows) {
    double[] out = places(rows);
    double[] jacobian = made().standardiser().logAbsDet(rows.features());
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = out[2 * i] + jacobian[i];
    }
    return values;
  }

  /** log q(x) in standardised units and |v|, one after the other, of each row. */
  private double[] places(Rows rows) {
    double sd = config().acrossSd();
    return map(
        rows,
        (bound, x) -> {
          ManifoldNets.Place place = bound.place(x);
          var logDensity =
              bound.logCoordinates(place.u()).add(place.logAcross(sd)).add(place.logAbsDet());
          var across = place.v().square().sum(new int[] {1}).sqrt();
          return logDensity.expandDims(1).concat(across.expandDims(1), 1);
        });
  }

  /** The deflated log-density, -infinity beyond so many sigma; everywhere where that is 0. */
  double[] manifold(Rows rows, double cutoff) {
    double sd = config().acrossSd();
    int d = dimension();
    int across = rows.features().columns() - d;
    double atZero = -across * (Math.log(sd) + 0.5 * Math.log(2 * Math.PI));
    double limit =
        cutoff > 0 && config().sigma() > 0 ? cutoff * config().sigma() : Double.POSITIVE_INFINITY;
    double[] places = places(rows);
    double[] out = new double[rows.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          places[2 * i + 1] > limit
              ? Double.NEGATIVE_INFINITY
              : places[2 * i] - atZero - d * Math.log(scale());
    }
    return out;
  }
}
