/**
 * The store in an etcd that several API servers share, through etcd's v3 API over gRPC with TLS.
 * Calls block the calling thread, which should be virtual; watches are delivered by threads of the
 * connection.
 */
@NullMarked
package io.kubra.store.etcd;

import org.jspecify.annotations.NullMarked;
