/** Tables as models see them: schemas, matrices, rows with their noise, data sets. */
package org.thalweg.api.data;
