/**
 * Who sends a request and whether it may be served: the interfaces between the request pipeline and
 * authentication and authorisation, and their implementations.
 */
@NullMarked
package io.kubra.apiserver.auth;

import org.jspecify.annotations.NullMarked;
