/** What the transport's tests share. */
@NullMarked
package io.kubra.transport;

import org.jspecify.annotations.NullMarked;
