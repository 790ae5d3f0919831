/**
 * The cluster's certificates and keys: authorities, what they issue, the files they are kept in and
 * their renewal. Nothing here needs the API server to run. Certificates are encoded by hand (see
 * {@link io.kubra.apiserver.pki.Der}) because a general library costs more at start than all of the
 * API server's own initialisation.
 */
@NullMarked
package io.kubra.apiserver.pki;

import org.jspecify.annotations.NullMarked;
