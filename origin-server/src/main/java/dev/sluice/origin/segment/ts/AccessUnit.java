package dev.sluice.origin.segment.ts;

/**
 * What one PES packet carries: a picture, or some audio frames.
 *
 * @param payloadBytes in the byte stream format
 * @param presentation PTS on the 90 kHz clock, not wrapped
 * @param decode DTS on the 90 kHz clock, not wrapped, at most {@code presentation}
 * @param order where it stands among the units of all streams: its decode time in the source, on
 *     the 90 kHz clock
 * @param duration from its decode time to that of the next, on the 90 kHz clock
 * @param randomAccess whether decoding can begin here
 */
record AccessUnit(
    int payloadBytes,
    long presentation,
    long decode,
    long order,
    long duration,
    boolean randomAccess) {}
