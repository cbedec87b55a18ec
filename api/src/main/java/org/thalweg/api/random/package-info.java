/** Seeds and the independent streams that are split from them. */
package org.thalweg.api.random;
