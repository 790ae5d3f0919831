/** Deletes Jobs a while after they have ended. */
@NullMarked
package io.kubra.controllers.ttlafterfinished;

import org.jspecify.annotations.NullMarked;
