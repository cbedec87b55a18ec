/**
 * Runs a simulator many times: in parallel, with a time limit, and so that nothing is run twice.
 */
package org.thalweg.sbi.run;
