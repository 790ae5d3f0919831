/** Puts the volumes of pods into place and keeps their contents current. */
@NullMarked
package io.kubra.node.volume;

import org.jspecify.annotations.NullMarked;
