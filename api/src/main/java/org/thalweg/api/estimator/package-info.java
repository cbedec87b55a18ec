/** Learning a distribution from a table, and what the learnt model can do. */
package org.thalweg.api.estimator;
