/**
 * Checks a cluster, Kubra's or any other Kubernetes, against the reference architecture RA2, from
 * outside: it only speaks to the API.
 */
@NullMarked
package io.kubra.conformance;

import org.jspecify.annotations.NullMarked;
