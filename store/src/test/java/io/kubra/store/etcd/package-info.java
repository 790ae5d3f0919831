/** Tests of the immutable state. */
@NullMarked
package io.kubra.store.etcd;

import org.jspecify.annotations.NullMarked;
