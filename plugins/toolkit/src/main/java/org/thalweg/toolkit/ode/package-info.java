/** Ordinary differential equations of many rows at once. */
package org.thalweg.toolkit.ode;
