/** The composition root: what a command gets, and the one place that chooses an engine. */
package org.thalweg.app.wiring;
