/** The benchmark of Lueckmann et al. (2021), run here and set beside the published results. */
package org.thalweg.bench.sbi;
