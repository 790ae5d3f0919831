/** The requirements, as data. */
@NullMarked
package io.kubra.conformance.catalogue;

import org.jspecify.annotations.NullMarked;
