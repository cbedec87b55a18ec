/** All that is to be measured on a GPU, as one run with a deadline, and the page that shows it. */
package org.thalweg.bench.gpu;
