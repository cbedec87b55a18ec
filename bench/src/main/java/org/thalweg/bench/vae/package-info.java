/**
 * A small variational autoencoder of binary digits, with flows as posterior and prior, and with an
 * energy machine as the prior of a trained one: an example of densities inside another model.
 */
package org.thalweg.bench.vae;
