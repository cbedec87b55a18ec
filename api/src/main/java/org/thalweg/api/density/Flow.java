package org.thalweg.api.density;

import org.thalweg.api.transform.Transform;

/**
 * A normalising flow: a density that is given by a map to noise, with
 *
 * <pre>log p(x) = log base(f(x)) + log |det df/dx|</pre>
 *
 * (Rezende and Mohamed, 2015, eq. 5).
 */
public interface Flow extends Density {
  /** f: forward maps {@code [N, event]} of data to noise. */
  Transform transform();

  /** The density of the noise, under the same context. */
  Density base();
}
