/** Log-densities: toys, schools, and models of posteriordb. */
package org.thalweg.vi.target;
