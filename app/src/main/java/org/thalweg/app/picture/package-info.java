/** Pictures as PNG files. */
package org.thalweg.app.picture;
