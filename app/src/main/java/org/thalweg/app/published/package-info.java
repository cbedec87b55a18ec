/**
 * The density estimation sets of Papamakarios and others (2017, appendix D): from the files that a
 * user has downloaded to one table of numbers, divided and standardised as in the papers.
 */
package org.thalweg.app.published;
