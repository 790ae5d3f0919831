/**
 * The Pod Security Standards (kubernetes.io/docs/concepts/security/pod-security-standards): the
 * controls of each level in each version, and the plugin that holds pods to the level of their
 * namespace's labels. Every control is a function of one pod; nothing here keeps state.
 */
@NullMarked
package io.kubra.apiserver.admission.podsecurity;

import org.jspecify.annotations.NullMarked;
