/**
 * Bearer tokens: service account tokens (made, checked and published as OpenID Connect documents),
 * tokens with which nodes join, and static ones.
 */
@NullMarked
package io.kubra.apiserver.token;

import org.jspecify.annotations.NullMarked;
