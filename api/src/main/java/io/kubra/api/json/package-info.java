/**
 * Reading and writing object trees as JSON and YAML, with the accepted input and the error texts of
 * the reference API server. Stateless; safe from any thread.
 */
@NullMarked
package io.kubra.api.json;

import org.jspecify.annotations.NullMarked;
