/** Statistical runs on real data, too long for CI: {@code mvn -B verify -Pacceptance}. */
package org.thalweg.harness.acceptance;
