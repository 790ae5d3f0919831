/** Calls for whoever can expand the volume of a claim that asks for more than it has. */
@NullMarked
package io.kubra.controllers.volumeexpand;

import org.jspecify.annotations.NullMarked;
