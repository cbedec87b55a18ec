/**
 * Densities over the plane, with their exact values where there are any, fitted by every family.
 */
package org.thalweg.bench.planar;
