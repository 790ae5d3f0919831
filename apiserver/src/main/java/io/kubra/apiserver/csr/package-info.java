/**
 * Certificate signing requests: signs what is approved, and approves what nodes ask for themselves.
 * One virtual thread handles one request after the other.
 */
@NullMarked
package io.kubra.apiserver.csr;

import org.jspecify.annotations.NullMarked;
