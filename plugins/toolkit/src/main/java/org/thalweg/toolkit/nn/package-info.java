/**
 * Networks over tensors: layers, residual nets and masked autoregressive nets. A part declares its
 * parameters when it is constructed, and is bound to a tape for use.
 */
package org.thalweg.toolkit.nn;
