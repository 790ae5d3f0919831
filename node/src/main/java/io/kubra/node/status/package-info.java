/** What the API is told about a pod: computed by pure functions, published on change. */
@NullMarked
package io.kubra.node.status;

import org.jspecify.annotations.NullMarked;
