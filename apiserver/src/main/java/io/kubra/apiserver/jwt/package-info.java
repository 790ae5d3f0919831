/**
 * Users with JSON Web Tokens of other issuers (OpenID Connect), as {@code
 * AuthenticationConfiguration} of {@code apiserver.config.k8s.io/v1} describes them (KEP-3331).
 * Keys are fetched when the first token of an issuer comes; the JOSE library is not loaded before
 * that.
 */
@NullMarked
package io.kubra.apiserver.jwt;

import org.jspecify.annotations.NullMarked;
