/**
 * Services outside of this server that it asks or tells something, each described by a kubeconfig
 * file: webhooks of authentication, authorisation and audit.
 */
@NullMarked
package io.kubra.apiserver.remote;

import org.jspecify.annotations.NullMarked;
