/** JMH benchmarks of the kernels, through the interfaces that flows use them by. */
package org.thalweg.bench.kernel;
