package io.kubra.store;

import java.util.List;

/**
 * What a range read found.
 *
 * @param entries the entries in key order
 * @param revision the revision of the state that was read
 * @param count how many entries the whole range holds, whatever the limit
 * @param more whether the limit cut entries off
 */
public record Range(List<Entry> entries, long revision, long count, boolean more) {}
