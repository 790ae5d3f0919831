/** How the API server reaches the nodes' own API. */
@NullMarked
package io.kubra.apiserver.node;

import org.jspecify.annotations.NullMarked;
