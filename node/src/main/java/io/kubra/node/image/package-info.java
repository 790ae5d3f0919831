/** Image names, registry credentials and pulling. */
@NullMarked
package io.kubra.node.image;

import org.jspecify.annotations.NullMarked;
