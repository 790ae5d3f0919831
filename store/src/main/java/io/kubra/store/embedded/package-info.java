/**
 * The default store: all state in memory, every write in a log on disk.
 *
 * <p>One writer thread takes waiting writes in groups, appends them to the log with a single sync,
 * publishes the new image and wakes the waiting callers. Readers take the published image and never
 * wait. Each watch has a virtual thread that reads the image's history.
 */
@NullMarked
package io.kubra.store.embedded;

import org.jspecify.annotations.NullMarked;
