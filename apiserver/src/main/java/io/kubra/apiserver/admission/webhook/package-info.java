/**
 * Admission webhooks: services of users that are asked about each write that a {@code
 * MutatingWebhookConfiguration} or {@code ValidatingWebhookConfiguration} names. Configurations are
 * followed from the first write on; mutating webhooks are called one after the other in the order
 * of their configurations' names, validating ones at once, each on a virtual thread.
 */
@NullMarked
package io.kubra.apiserver.admission.webhook;

import org.jspecify.annotations.NullMarked;
