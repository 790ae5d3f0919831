/** Tests of identities and permissions on a whole server in memory. */
@NullMarked
package io.kubra.apiserver.security;

import org.jspecify.annotations.NullMarked;
