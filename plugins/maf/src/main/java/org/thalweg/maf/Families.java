package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Kind;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.config.Parts;

/** The univariate families that flows take. */
final class Families {
  private Families() {}

  /** The family of a choice; one that is not over the whole line is refused. */
  static Univariate overTheLine(Registry registry, Choice choice) {
    Univariate family = Parts.univariate(registry, choice);
    if (!family.domain().equals(Kind.REAL)) {
      throw ThalwegException.usage(
          "A flow needs a univariate family over the whole line; '%s' is over %s.",
          choice.name(), family.domain());
    }
    return family;
  }
}
