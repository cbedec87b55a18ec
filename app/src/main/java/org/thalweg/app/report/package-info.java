/**
 * A trained model as one HTML page with pictures: what it is, how it was fitted, and how it
 * compares with rows that it has not seen. A section is a class; a {@link Page} collects them.
 */
package org.thalweg.app.report;
