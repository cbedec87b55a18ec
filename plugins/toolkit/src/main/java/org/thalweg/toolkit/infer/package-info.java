/** What inference methods share: priors, maps to the reals, diagnostics of chains. */
package org.thalweg.toolkit.infer;
