/**
 * The audit log: which requests are recorded, at which stages, how much of them, and where the
 * events go. Off unless a policy is configured; a request that is not audited costs nothing.
 */
@NullMarked
package io.kubra.apiserver.audit;

import org.jspecify.annotations.NullMarked;
