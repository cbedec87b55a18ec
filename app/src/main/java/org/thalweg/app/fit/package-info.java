/** What surrounds a fit: resolutions of columns, progress, origin. */
package org.thalweg.app.fit;
