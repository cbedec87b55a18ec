/** Generated data whose density is known. */
package org.thalweg.app.demo;
