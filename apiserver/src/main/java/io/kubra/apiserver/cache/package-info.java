/**
 * The watch cache: one feed follows the store and keeps, per resource, an immutable sorted snapshot
 * and a window of recent events with the snapshot after each. Lists read snapshots without locks;
 * watchers get events that are encoded once and shared.
 *
 * <p>Threads: the store calls the feed's listener, which only queues; one feeder thread applies
 * events in order; each watcher is drained by the thread that serves it.
 */
@NullMarked
package io.kubra.apiserver.cache;

import org.jspecify.annotations.NullMarked;
