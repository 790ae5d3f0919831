/**
 * The API server: {@link io.kubra.apiserver.ApiServer} assembles store, cache, rules, admission and
 * verbs behind one HTTP handler.
 */
@NullMarked
package io.kubra.apiserver;

import org.jspecify.annotations.NullMarked;
