/**
 * The revision log on disk: preallocated segments of checksummed, chained records, snapshots that
 * let segments be deleted, and recovery. Called by one thread at a time, the store's writer; a
 * thread of its own prepares segments and writes snapshots.
 *
 * <p>A directory holds {@code lock}, {@code log-<number>} segments, at most one {@code
 * snapshot-<revision>} and sometimes {@code spare}, the next segment. Whatever ends in {@code .tmp}
 * is unfinished and worthless.
 */
@NullMarked
package io.kubra.store.log;

import org.jspecify.annotations.NullMarked;
