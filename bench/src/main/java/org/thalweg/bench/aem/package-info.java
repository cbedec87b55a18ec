/**
 * The autoregressive energy machine against its own proposal, against flows of equal size and time,
 * and against numerical integration.
 */
package org.thalweg.bench.aem;
