/** What goes wrong, as a value: a message that helps and a documented exit code. */
package org.thalweg.api.error;
