/** Normalising flows: base distributions, and their composition with transforms. */
package org.thalweg.toolkit.flow;
