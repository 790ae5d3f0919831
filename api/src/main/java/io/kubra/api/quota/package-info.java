/** What objects use of resource quotas. */
@NullMarked
package io.kubra.api.quota;

import org.jspecify.annotations.NullMarked;
