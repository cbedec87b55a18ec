/** Where arrays live and how gradients are taken. */
package org.thalweg.api.engine;
