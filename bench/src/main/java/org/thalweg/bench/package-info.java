/** The worker that does our side of a comparison with another library. */
package org.thalweg.bench;
