/**
 * Helm's own code, called in this process. The library holds a Go runtime of about 100 MiB that
 * stays until the process ends, so only processes that do nothing but Helm's work open it; nothing
 * here is loaded before that. Calls block their thread and may be made by many threads, but Helm
 * captures the process's standard streams during a call, so callers make one call at a time.
 */
@NullMarked
package io.kubra.addons.helm.library;

import org.jspecify.annotations.NullMarked;
