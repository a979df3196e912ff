package dev.sluice.origin.segment;

import dev.sluice.origin.encrypt.SamplePass;
import dev.sluice.origin.encrypt.SubsampleMap;

/**
 * How the samples of a segment are encrypted.
 *
 * @param map of clear and protected bytes, which the segment states
 * @param pass over the same map
 */
public record ProtectedSamples(SubsampleMap map, SamplePass pass) {}
