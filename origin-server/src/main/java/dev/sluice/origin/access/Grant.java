package dev.sluice.origin.access;

import java.time.Instant;

/**
 * What a verified token grants.
 *
 * @param validUntil the token's {@code exp}, without leeway
 */
public record Grant(Instant validUntil) {}
