/** Tables in files: reading them with DuckDB, choosing columns, streaming rows, writing results. */
package org.thalweg.app.table;
