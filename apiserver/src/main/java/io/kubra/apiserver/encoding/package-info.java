/**
 * How objects travel: negotiation of media types, decoding of bodies with field validation, and the
 * encodings of objects, lists, tables and watch events.
 */
@NullMarked
package io.kubra.apiserver.encoding;

import org.jspecify.annotations.NullMarked;
