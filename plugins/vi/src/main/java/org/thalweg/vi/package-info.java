/** Variational inference. */
package org.thalweg.vi;
