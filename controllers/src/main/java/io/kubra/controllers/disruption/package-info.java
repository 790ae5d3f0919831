/** Says how many pods of a group may be evicted now. */
@NullMarked
package io.kubra.controllers.disruption;

import org.jspecify.annotations.NullMarked;
