/** Tests of how changes of the runtime are noticed. */
@NullMarked
package io.kubra.node.runtime;

import org.jspecify.annotations.NullMarked;
