/**
 * A plugin as a third party writes it: a univariate family, a transform of events, a flow of both,
 * and the estimator that trains it.
 */
package com.acme.flow;
