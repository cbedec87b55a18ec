package org.thalweg.aem;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.thalweg.api.density.Initializer;
import org.thalweg.api.density.Parameter;
import org.thalweg.toolkit.train.ParameterStore;

/**
 * The parts of an energy machine.
 *
 * @param conditioner gives each conditional its code and its proposal
 * @param energy gives the negative energy of a number, given the code
 * @param proposal what importance samples are drawn from
 * @param range {@code [D, 2]}: the ends of each column's training rows, or the box
 * @param ofEnergy the energy net's parameters
 * @param tilted whether the energy is put on top of the proposal
 * @param dimension D
 */
record AemNets(
    Conditioner conditioner,
    EnergyNet energy,
    Proposal proposal,
    Parameter range,
    List<Parameter> ofEnergy,
    boolean tilted,
    int dimension) {

  /** Declares all parameters. */
  static AemNets build(AemConfig config, int dimension, int context, ParameterStore store) {
    Parameter range = store.buffer("range", new Shape(dimension, 2), Initializer.repeat(-1, 1));
    ProposalConfig sampler = config.sampler();
    Proposal proposal =
        sampler.proposal() == ProposalConfig.Family.BOX
            ? new BoxProposal(range)
            : new MixtureProposal(sampler.components(), sampler.defensive());
    Conditioner conditioner =
        new Conditioner(store.child("masked"), dimension, context, config, proposal);
    EnergyNet energy = new EnergyNet(store.child("energy"), config.energy(), config.dropout());
    List<Parameter> ofEnergy =
        store.trainable().stream().filter(p -> p.name().startsWith("energy.")).toList();
    return new AemNets(
        conditioner, energy, proposal, range, ofEnergy, config.energy().tilted(), dimension);
  }
}
