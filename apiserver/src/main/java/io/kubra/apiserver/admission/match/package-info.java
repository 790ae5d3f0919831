/**
 * Which requests a webhook or a policy is meant for: rules, selectors and equivalent versions, as
 * configured in {@code admissionregistration.k8s.io/v1}. Criteria are read once and may be used by
 * any thread.
 */
@NullMarked
package io.kubra.apiserver.admission.match;

import org.jspecify.annotations.NullMarked;
