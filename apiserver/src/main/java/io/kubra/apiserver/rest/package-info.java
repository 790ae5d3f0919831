/** The REST verbs: what each does with a request, in terms of cache and storage. */
@NullMarked
package io.kubra.apiserver.rest;

import org.jspecify.annotations.NullMarked;
