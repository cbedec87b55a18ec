/** Splitting, dequantising and standardising tables. */
package org.thalweg.toolkit.data;
