/** The engine {@code cpu}. */
package org.thalweg.engine.cpu;
