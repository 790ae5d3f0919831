/** Container logs on disk: reading, following and rotating them. */
@NullMarked
package io.kubra.node.logs;

import org.jspecify.annotations.NullMarked;
