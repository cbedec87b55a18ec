/** Options: from strings, YAML and JSON to records and back. */
package org.thalweg.toolkit.config;
