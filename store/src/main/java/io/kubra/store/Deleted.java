package io.kubra.store;

/**
 * What a delete did.
 *
 * @param previous the entry that was removed
 * @param revision the revision of the removal
 */
public record Deleted(Entry previous, long revision) {}
