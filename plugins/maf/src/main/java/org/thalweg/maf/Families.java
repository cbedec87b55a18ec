package org.thalweg.maf;

import org.thalweg.api.config.Choice;
import org.thalweg.api.data.Kind;
import org.thalweg.api.error.ThalwegException;
import org.thalweg.api.plugin.Registry;
import org.thalweg.api.transform.Univariate;
import org.thalweg.toolkit.config.Parts;
import org.thalweg.toolkit.flow.Squashed;

/** Univariate families as columns of standardised data need them. */
final class Families {
  private Families() {}

  /**
   * The family of a choice; one over an interval goes between a sigmoid and its inverse.
   *
   * @throws ThalwegException where the family is over anything else than the line or an interval
   */
  static Univariate overTheLine(Registry registry, Choice choice) {
    Univariate family = Parts.univariate(registry, choice);
    if (family.domain() instanceof Kind.Bounded) {
      return new Squashed(family);
    }
    if (!family.domain().equals(Kind.REAL)) {
      throw ThalwegException.usage(
          "The columns need a univariate family over the line or an interval; '%s' is over %s.",
          choice.name(), family.domain());
    }
    return family;
  }
}
