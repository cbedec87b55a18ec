/** How a jar adds to Thalweg, and how what it added is found. */
package org.thalweg.api.plugin;
