/**
 * A load tool: plays sessions against any deployment, given the URL of a manifest, and reports what
 * they met. Clauses of DASH are those of ISO/IEC 23009-1:2022; of HLS, RFC 8216; of Smooth
 * Streaming, [MS-SSTR].
 */
@NullMarked
package dev.sluice.benchmarks.load;

import org.jspecify.annotations.NullMarked;
