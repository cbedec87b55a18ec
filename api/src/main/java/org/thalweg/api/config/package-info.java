/** Options of a provider as records, and what is written beside a component. */
package org.thalweg.api.config;
