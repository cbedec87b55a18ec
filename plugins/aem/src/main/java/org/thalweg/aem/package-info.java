/**
 * The autoregressive energy machine (Durkan and Nash, 2019): each conditional of a chain is a
 * learnt energy over one number, normalised by importance sampling.
 */
package org.thalweg.aem;
