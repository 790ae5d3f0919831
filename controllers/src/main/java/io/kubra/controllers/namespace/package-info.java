/** Empties namespaces that are being deleted. */
@NullMarked
package io.kubra.controllers.namespace;

import org.jspecify.annotations.NullMarked;
