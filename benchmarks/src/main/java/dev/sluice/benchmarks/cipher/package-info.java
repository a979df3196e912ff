/**
 * What encryption costs, against a copy of the same bytes and against other ciphers.
 *
 * <p>The clock of a shared machine changes by a third within minutes, so no time here means
 * anything alone: the copy is measured in the same class and run, and the ratio to it counts.
 */
@NullMarked
package dev.sluice.benchmarks.cipher;

import org.jspecify.annotations.NullMarked;
