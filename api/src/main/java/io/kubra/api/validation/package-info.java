/**
 * Checks of names, labels, addresses and object metadata that all kinds share, with the reference
 * API server's messages.
 */
@NullMarked
package io.kubra.api.validation;

import org.jspecify.annotations.NullMarked;
