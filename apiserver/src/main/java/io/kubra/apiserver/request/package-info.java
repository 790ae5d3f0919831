/**
 * What an HTTP request means: its verb, resource and parameters, and the places where endpoints
 * outside of the generic resource machinery hook in.
 */
@NullMarked
package io.kubra.apiserver.request;

import org.jspecify.annotations.NullMarked;
