/**
 * ValidatingAdmissionPolicy and MutatingAdmissionPolicy (KEP-3488, KEP-3962): policies written in
 * CEL, and the bindings that put them in force. Policies are followed from the first write on and
 * compiled when the first request matches them; nothing is compiled or parsed for a request.
 */
@NullMarked
package io.kubra.apiserver.admission.policy;

import org.jspecify.annotations.NullMarked;
