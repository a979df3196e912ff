package dev.sluice.origin.storage;

/**
 * One version of a stored object.
 *
 * @param path below the media root, {@code /} between its names, neither first nor last
 * @param sizeBytes of this version
 * @param revision names this version: two versions of an object never share it
 */
public record StoredObject(String path, long sizeBytes, String revision) {}
