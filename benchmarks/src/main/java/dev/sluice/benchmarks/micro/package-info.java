/**
 * The ratios that the project tracks, measured round after round: what {@code benchmarks/micro}
 * runs.
 */
@NullMarked
package dev.sluice.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
