/** Gives each node its range of pod addresses. */
@NullMarked
package io.kubra.controllers.nodeipam;

import org.jspecify.annotations.NullMarked;
