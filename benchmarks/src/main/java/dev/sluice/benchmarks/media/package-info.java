/**
 * Media for benchmarks, made here: bytes as encoders give them, as far as a server looks at them.
 */
@NullMarked
package dev.sluice.benchmarks.media;

import org.jspecify.annotations.NullMarked;
