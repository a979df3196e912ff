package dev.sluice.origin.catalog;

/**
 * Stands for all documents in force at one time: the same instance while none of them changes.
 * Compared by identity.
 */
public final class Edition {}
