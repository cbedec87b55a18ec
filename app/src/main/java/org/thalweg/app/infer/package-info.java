/** What surrounds an inference: the problem from its files, progress, outputs. */
package org.thalweg.app.infer;
