/** A small API server for tests of everything that talks to one. */
@NullMarked
package io.kubra.apiserver.testing;

import org.jspecify.annotations.NullMarked;
