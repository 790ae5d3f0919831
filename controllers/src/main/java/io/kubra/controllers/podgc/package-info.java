/** Removes pods that no node will ever remove. */
@NullMarked
package io.kubra.controllers.podgc;

import org.jspecify.annotations.NullMarked;
