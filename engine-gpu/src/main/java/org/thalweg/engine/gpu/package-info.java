/** The engine {@code gpu}. */
package org.thalweg.engine.gpu;
