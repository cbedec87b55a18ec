/** What the process says and hears: results, messages, progress, interruption. */
package org.thalweg.app.console;
