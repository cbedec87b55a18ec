/** Reading and writing numpy's files. */
package org.thalweg.app.numpy;
