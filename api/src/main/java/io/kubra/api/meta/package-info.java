/** The names of things: groups, versions, kinds and resources. */
@NullMarked
package io.kubra.api.meta;

import org.jspecify.annotations.NullMarked;
