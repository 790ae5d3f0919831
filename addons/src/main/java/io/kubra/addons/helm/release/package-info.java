/**
 * Releases as Helm 3 stores them: one Secret {@code sh.helm.release.v1.NAME.vN} of type {@code
 * helm.sh/release.v1} for each revision, whose {@code release} holds the release as JSON, packed
 * with gzip and written in base64. What is read here can be read by the helm program and the other
 * way round. Blocking; safe for use by many threads.
 */
@NullMarked
package io.kubra.addons.helm.release;

import org.jspecify.annotations.NullMarked;
