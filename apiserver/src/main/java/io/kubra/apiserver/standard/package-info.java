/**
 * The API server as it is normally run: every part of this module put together, secure by default.
 */
@NullMarked
package io.kubra.apiserver.standard;

import org.jspecify.annotations.NullMarked;
