/** Model files and checkpoints. */
package org.thalweg.toolkit.model;
