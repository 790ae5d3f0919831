/**
 * The generic resource machinery below the REST verbs: what is served, how objects become stored
 * bytes, and the rules of creating, updating and deleting that all kinds share.
 */
@NullMarked
package io.kubra.apiserver.storage;

import org.jspecify.annotations.NullMarked;
