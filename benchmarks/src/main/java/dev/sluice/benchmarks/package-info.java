/**
 * Measurements. {@code cipher} has the ciphers, each beside the copy that bounds it; {@code origin}
 * the parts that make an answer. {@code benchmarks/micro} runs what the project tracks.
 */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
