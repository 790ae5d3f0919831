/**
 * Generates the typed model: one immutable record with builder and streaming codec for each API
 * type.
 */
@NullMarked
package io.kubra.codegen.model;

import org.jspecify.annotations.NullMarked;
