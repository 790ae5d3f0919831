/**
 * Encryption at rest: values are encrypted on their way into the store and decrypted on their way
 * out, in upstream's format ({@code k8s:enc:aesgcm:v1:key1:…}), so that every other part of the
 * server, and every kind of store, knows nothing of it.
 */
@NullMarked
package io.kubra.apiserver.encryption;

import org.jspecify.annotations.NullMarked;
