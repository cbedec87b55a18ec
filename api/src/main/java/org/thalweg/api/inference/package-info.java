/** From a simulator or a log-density to a posterior. */
package org.thalweg.api.inference;
