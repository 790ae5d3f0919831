/** Tests of the package. */
@NullMarked
package io.kubra.transport.local;

import org.jspecify.annotations.NullMarked;
