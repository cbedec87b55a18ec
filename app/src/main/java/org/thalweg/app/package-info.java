/** The application: what starts, and what a process does with a command line. */
package org.thalweg.app;
