/**
 * A revisioned key-value store: what the API server keeps its objects in.
 *
 * <p>Every write takes the next revision, readers see consistent states of any revision that is not
 * compacted yet, and watchers get every change exactly once and in order. The store knows nothing
 * of Kubernetes. Its own unchecked exceptions, all {@link io.kubra.store.StoreException}s, are the
 * only way it reports failure.
 */
@NullMarked
package io.kubra.store;

import org.jspecify.annotations.NullMarked;
