/**
 * Failures of the API as exceptions that map one to one to {@code meta/v1 Status}, and the errors
 * of single fields.
 */
@NullMarked
package io.kubra.api.status;

import org.jspecify.annotations.NullMarked;
