/** Tests of the package. */
@NullMarked
package io.kubra.transport.http;

import org.jspecify.annotations.NullMarked;
