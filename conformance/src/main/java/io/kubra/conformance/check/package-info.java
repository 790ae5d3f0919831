/**
 * The kinds of checks: small pieces that read facts and decide, put together to rows of the
 * catalogue. Checks run on virtual threads, many at a time; each may be interrupted.
 */
@NullMarked
package io.kubra.conformance.check;

import org.jspecify.annotations.NullMarked;
