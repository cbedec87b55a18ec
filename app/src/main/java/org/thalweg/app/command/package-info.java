/** The commands: what a user types, and what is then done. */
package org.thalweg.app.command;
