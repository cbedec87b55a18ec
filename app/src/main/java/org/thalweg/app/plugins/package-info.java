/**
 * Finding plugins: the built-in ones beside the application, third-party ones in directories. A
 * plugin in a directory is isolated: it brings its own libraries, at any version, and shares only
 * the api, the toolkit, DJL and SLF4J with the application.
 */
package org.thalweg.app.plugins;
