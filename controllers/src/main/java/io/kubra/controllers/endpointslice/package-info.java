/** Publishes the pods behind each Service. */
@NullMarked
package io.kubra.controllers.endpointslice;

import org.jspecify.annotations.NullMarked;
