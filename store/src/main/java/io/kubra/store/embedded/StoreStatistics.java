package io.kubra.store.embedded;

/**
 * What an embedded store holds and has done since it was opened.
 *
 * @param revision the last visible revision
 * @param compactRevision the oldest revision that can be read
 * @param entries how many keys there are
 * @param groups how many groups of writes were committed
 * @param syncs how often the disk was waited for
 * @param diskBytes what the files take, preallocated space included
 * @param watches how many watches are running
 */
public record StoreStatistics(
    long revision,
    long compactRevision,
    long entries,
    long groups,
    long syncs,
    long diskBytes,
    int watches) {}
