/**
 * The queue between informers and reconcilers: every key at most once, never two workers on one
 * key, with delays and back-off.
 */
@NullMarked
package io.kubra.client.workqueue;

import org.jspecify.annotations.NullMarked;
