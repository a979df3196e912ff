/** Measurements, each beside the copy that bounds it. */
@NullMarked
package dev.sluice.benchmarks;

import org.jspecify.annotations.NullMarked;
