/**
 * Calls to webhooks: where a {@code clientConfig} leads, TLS to the right name, kept connections,
 * bounded time and size. What is asked and what the answer means is up to those who call:
 * admission, and the conversion of custom resources. Calls block and are for virtual threads.
 */
@NullMarked
package io.kubra.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
