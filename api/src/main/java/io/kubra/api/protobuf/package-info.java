/**
 * The binary encodings of the API: Kubernetes' protobuf for objects and watch events, and the
 * protobuf form of the OpenAPI v2 document.
 *
 * <p>Pure functions over object trees and bytes; message layouts are loaded once, on first use.
 */
@NullMarked
package io.kubra.api.protobuf;

import org.jspecify.annotations.NullMarked;
