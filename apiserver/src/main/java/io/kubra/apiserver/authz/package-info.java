/**
 * Which authorisers are asked in which order, as {@code AuthorizationConfiguration} of {@code
 * apiserver.config.k8s.io/v1} says (KEP-3221), and the one that asks another service.
 */
@NullMarked
package io.kubra.apiserver.authz;

import org.jspecify.annotations.NullMarked;
