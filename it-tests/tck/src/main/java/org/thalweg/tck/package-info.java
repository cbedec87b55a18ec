/**
 * The contracts of transforms, univariate families, estimators, engines and model files as abstract
 * tests.
 */
package org.thalweg.tck;
